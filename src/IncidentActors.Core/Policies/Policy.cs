using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Policies;

/// <summary>What becomes of an incident's halt when the incident ends.</summary>
public enum HaltEnding
{
    /// <summary>It is lifted in the same commit.</summary>
    Lift,

    /// <summary>Those who may lift it are asked at once, and reminded until it is lifted.</summary>
    Ask,
}

/// <summary>Whether recipients acknowledge messages on work without an incident.</summary>
public enum AnswerPolicy
{
    /// <summary>Directives, escalations, blockers and requests for tests or a review are acknowledged or acted on.</summary>
    Acknowledging,

    /// <summary>Clocks run until the recipient acts; acknowledgements are not used. Messages on an incident's work are still acknowledged.</summary>
    Acting,
}

/// <summary>The configured times and thresholds that deciders use. Every default is here and nowhere else.</summary>
public sealed record Policy
{
    /// <summary>Which seed's response times hold; the stricter of both is the default.</summary>
    public string Clocks { get; init; } = ClockPolicy.Strict;

    /// <summary>How long an agent has to send what its row owes before the system does.</summary>
    public TimeSpan OwedGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Assessment of seed 002 §2: five minutes at most.</summary>
    public TimeSpan AssessWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time that each step of an escalation has before the next one is notified.</summary>
    public TimeSpan EscalationStep { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reminder interval after the last step of an escalation.</summary>
    public TimeSpan ReminderEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether messages on work without an incident are acknowledged.</summary>
    public AnswerPolicy AnswerBy { get; init; }

    /// <summary>What becomes of an incident's halt when the incident ends or is lowered.</summary>
    public HaltEnding HaltEnding { get; init; } = HaltEnding.Lift;

    /// <summary>No timeout approves, even where a flow says so (seed 004): the approval stays open and escalates.</summary>
    public bool NeverApproveByTimeout { get; init; }

    /// <summary>Time after which reminders for an active halt begin (<see cref="Halts.HaltReview"/>).</summary>
    public TimeSpan HaltReviewAfter { get; init; } = TimeSpan.FromHours(4);

    /// <summary>False: every first responder is asked to acknowledge; true: the first of the team to do so stops the chain.</summary>
    public bool OneAcknowledgement { get; init; } = true;

    /// <summary>Above this loss per minute a financial incident is SEV-1 (seed 000: "$X/minute").</summary>
    public decimal LossPerMinute { get; init; } = 1000m;

    /// <summary>Unacknowledged messages that one ATP may have.</summary>
    public int OpenMessagesPerAtp { get; init; } = 2000;

    /// <summary>The same message, sent again within this time, is answered with a warning.</summary>
    public TimeSpan RepeatedWithin { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a message that asks for nothing stays in the inbox, where its ATP has no incident.</summary>
    public TimeSpan NoticesKept { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A postmortem that no flow queues is due after this time (seed 000).</summary>
    public static readonly TimeSpan PostmortemWithin = TimeSpan.FromHours(24);

    /// <summary>What was learned is recorded within this time after the postmortem (seed 003, post-incident steps 3 to 5).</summary>
    public static readonly TimeSpan LearningWithin = TimeSpan.FromDays(7);

    /// <summary>Time within which the incident must be acknowledged; null if it has no clock.</summary>
    public TimeSpan? RespondWithin(Severity severity) => ClockPolicy.RespondWithin(Clocks, severity);

    /// <summary>Time within which a message that requires an answer must be answered, where silence is or is not the acknowledgement.</summary>
    public static TimeSpan AnswerWithin(Priority priority, bool silent) => silent ? Priorities.Of(priority).Act : Priorities.Of(priority).Acknowledge;
}
