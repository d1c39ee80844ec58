using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Seals;

/// <summary>
/// What a third party must know of other actors to decide whom a halt covered: the teams of those who acted under it, the severity, people, services and
/// environments of the incidents that they worked on, and what permits were for. A proof shows the content of these events too.
/// </summary>
internal static class HaltFacts
{
    private static readonly HashSet<string> Names =
    [
        .. new[]
        {
            typeof(AgentRegistered), typeof(AgentActsFor), typeof(AtpCreated), typeof(PermitGranted), typeof(IncidentDeclared), typeof(IncidentLabelsSet),
            typeof(IncidentSeverityChanged), typeof(IncidentResponderAdded), typeof(IncidentCommanderChanged), typeof(IncidentRecategorized),
            typeof(IncidentResolved), typeof(IncidentReopened), typeof(IncidentClosed), typeof(IncidentCanceled),
        }.Select(type => EventTypes.NameOf(type)),
    ];

    /// <summary>Whether the event states such a fact about one of the actors.</summary>
    public static bool IsFact(IReadOnlySet<ActorId> actors, StoredEvent one) => Names.Contains(one.Name) && actors.Contains(one.Actor);

    /// <summary>The actors whose facts a proof of the halt needs.</summary>
    /// <param name="own">The halt's history.</param>
    /// <param name="last">Cursor of the last event of the proof.</param>
    public static async Task<HashSet<ActorId>> ActorsAsync(IStore journal, IReadOnlyList<StoredEvent> own, string last, CancellationToken cancel)
    {
        var events = own.Select(one => EventTypes.Read(one.Name, one.Payload.Span)).ToList();
        var raised = (HaltRaised)events[0];
        HaltScope[] scopes = [raised.Scope, .. events.OfType<HaltLiftedPartly>().Select(lift => lift.Scope)];
        var kinds = scopes.SelectMany(scope => scope.Parts).Select(part => part.Kind).ToHashSet();
        var located = kinds.Contains(HaltScopeKind.Service) || kinds.Contains(HaltScopeKind.Environment);
        var actors = new HashSet<ActorId>();
        await foreach (var one in SealChain.FeedAsync(journal, own[0].Cursor, cancel))
        {
            if (!SealChain.Reaches(last, one.Cursor)) break;
            if (one.Actor.Kind is not (ActorKind.Atp or ActorKind.Incident or ActorKind.Permit or ActorKind.Knowledge)) continue;
            if (kinds.Contains(HaltScopeKind.Team) && !Handle.IsReserved(one.By)) actors.Add(ActorId.Agent(one.By));
            if (one.Actor.Kind == ActorKind.Permit || (one.Actor.Kind == ActorKind.Atp && raised.SparesUrgent)) actors.Add(one.Actor);
            if (one.Incident is { } incident && (located || raised.SparesUrgent || incident == raised.IncidentId)) actors.Add(ActorId.Incident(incident));
        }

        return actors;
    }
}
