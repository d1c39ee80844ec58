using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Policies;

/// <summary>The configured times and thresholds that deciders use. Every default stands here and nowhere else.</summary>
public sealed record Policy
{
    /// <summary>Which seed's response times hold (SPEC §1); the stricter of both is the default.</summary>
    public string Clocks { get; init; } = ClockPolicy.Strict;

    /// <summary>How long an agent has to send what its row owes before the system does.</summary>
    public TimeSpan OwedGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Assessment of seed 002 §2: five minutes at most.</summary>
    public TimeSpan AssessWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time that each step of an escalation has before the next one is told.</summary>
    public TimeSpan EscalationStep { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often what is overdue is said again once the escalation has no further step.</summary>
    public TimeSpan ReminderEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Above this loss per minute a financial incident is SEV-1 (seed 000: "$X/minute").</summary>
    public decimal LossPerMinute { get; init; } = 1000m;

    /// <summary>Unacknowledged messages that one ATP may have.</summary>
    public int OpenMessagesPerAtp { get; init; } = 2000;

    /// <summary>Time within which the incident must be acknowledged, or null: no clock.</summary>
    public TimeSpan? RespondWithin(Severity severity) => ClockPolicy.RespondWithin(Clocks, severity);

    /// <summary>Time within which a message that requires it must be acknowledged.</summary>
    public static TimeSpan AckWithin(Priority priority) => priority switch
    {
        Priority.P0 => TimeSpan.FromMinutes(5),
        Priority.P1 => TimeSpan.FromMinutes(30),
        Priority.P2 => TimeSpan.FromHours(4),
        _ => TimeSpan.FromHours(24),
    };
}
