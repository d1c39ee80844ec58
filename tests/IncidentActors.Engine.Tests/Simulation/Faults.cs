namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>How often a node's way to the store fails; probabilities per call. Changed by the nemesis while the simulation runs.</summary>
internal sealed record Faults
{
    public static readonly Faults None = new();

    public double Late { get; init; }
    public int MaxLateMilliseconds { get; init; } = 200;
    public double CommitLost { get; init; }
    public double AnswerLost { get; init; }
    public double CrashBeforeCommit { get; init; }
    public double CrashAfterCommit { get; init; }
    public double DeliveryLost { get; init; }
    public double DeliveryRepeated { get; init; }
    public double SignalLost { get; init; }

    /// <summary>Faults that go on all the time, differently strong from seed to seed.</summary>
    public static Faults Drawn(Random random)
    {
        var strength = random.Next(4) switch { 0 => 0.0, 1 => 0.3, 2 => 1.0, _ => 2.0 };
        return new Faults
        {
            Late = 0.15 * strength,
            MaxLateMilliseconds = random.Next(4) == 0 ? 4000 : 200,
            CommitLost = 0.02 * strength,
            AnswerLost = 0.02 * strength,
            CrashBeforeCommit = 0.003 * strength,
            CrashAfterCommit = 0.003 * strength,
            DeliveryLost = 0.05 * strength,
            DeliveryRepeated = 0.05 * strength,
            SignalLost = random.Next(3) switch { 0 => 0.0, 1 => 0.2, _ => 1.0 },
        };
    }
}
