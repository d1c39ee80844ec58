using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Incidents;

/// <summary>The progress of one clock's escalation: who was notified last, and who is next.</summary>
/// <param name="Clock"><c>respond</c>, <c>assess</c> or <c>mitigation</c>.</param>
/// <param name="Step">1-based; above the chain's length its last handle is reminded.</param>
/// <param name="Chain">Everybody to notify, in order.</param>
public sealed record EscalationPosition(string Clock, int Step, ImmutableArray<string> Chain, ImmutableArray<string> Told, DateTimeOffset At);

/// <summary>The clocks of an incident. A halt that covers a clock's subject pauses the clock.</summary>
internal static class IncidentClock
{
    /// <summary>The incident's own halt never covers its clocks, another severity's halt spares urgent ones (SEV-1 and SEV-2).</summary>
    public static StartClock Start(World world, IncidentBrief incident, string clock, DateTimeOffset due)
    {
        var team = world.Agent(incident.Commander)?.Team;
        return new StartClock(
            ActorId.Incident(incident.Id), clock, due, new IncidentTimeIsUp(clock),
            HaltPolicy.SubjectOf(incident, team));
    }

    public static StartClock Start(World world, IncidentState state, string clock, TimeSpan after) =>
        Start(world, IncidentBrief.Of(state), clock, world.Call.At + after);
}
