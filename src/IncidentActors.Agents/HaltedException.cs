namespace IncidentActors.Agents;

/// <summary>A halt covers what the agent is about to do. Nothing was done. The message comes again after the halt is lifted.</summary>
public sealed class HaltedException : OrleansException
{
    internal HaltedException(string handle, IReadOnlyList<string> halts)
        : base($"{handle} is halted by {string.Join(", ", halts)}.") => Halts = halts;

    /// <summary>The halts that cover the agent or one of its ATPs.</summary>
    public IReadOnlyList<string> Halts { get; }
}
