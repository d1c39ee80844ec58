using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Reports;

/// <summary>One event of an incident's timeline: its own, or one of its ATPs, approvals, halts and knowledge entries.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">A handle, or <c>@system</c>.</param>
public sealed record TimelineEvent(ActorId Actor, IEvent Event, DateTimeOffset At, string By);
