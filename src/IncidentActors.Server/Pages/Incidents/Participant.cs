using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>Someone on an incident, and whether he or she has answered.</summary>
/// <param name="Unanswered">Messages about it that must be acknowledged and are not.</param>
/// <param name="Active">When he or she last did something on it; null if never.</param>
/// <param name="Halts">Active halts that cover the agent's other work.</param>
public sealed record Participant(Responder Responder, int Unanswered, DateTimeOffset? Active, int Halts)
{
    internal static async Task<ImmutableArray<Participant>> OfAsync(PageRequest request, Dossier dossier)
    {
        var halts = await request.Engine.Journal.HaltsAsync(null, request.Aborted);
        var open = dossier.Atps.SelectMany(atp => atp.OpenMessages.Values).Where(message => message.RequiresAck).CountBy(message => message.To).ToDictionary();
        var active = dossier.Timeline.ToLookup(one => one.By, one => (DateTimeOffset?)one.At);
        var people = ImmutableArray.CreateBuilder<Participant>();
        foreach (var responder in dossier.Incident.Responders)
        {
            var stored = halts.Count == 0 ? null : await request.Engine.Journal.LoadAsync(ActorId.Agent(responder.Handle), request.Aborted);
            var subject = stored is null ? null : HaltPolicy.SubjectOf(stored.State<AgentState>().Info(""));
            people.Add(new Participant(
                responder, open.GetValueOrDefault(responder.Handle),
                active[responder.Handle].Max(), halts.Count(halt => halt.Covers(subject))));
        }

        return people.ToImmutable();
    }
}
