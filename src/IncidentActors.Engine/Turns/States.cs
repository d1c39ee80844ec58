using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Turns;

/// <summary>What every kind of actor's state has in common for the journal: fold, document, index, claims.</summary>
public static class States
{
    public static IActorState? Evolve(ActorId actor, IActorState? state, RecordedEvent happened) => actor.Kind switch
    {
        _ when happened.Event is UnknownEvent => state,
        ActorKind.Incident => IncidentState.Evolve(actor.Key, (IncidentState?)state, happened),
        ActorKind.Atp => AtpState.Evolve(actor.Key, (AtpState?)state, happened),
        ActorKind.Agent => AgentState.Evolve((AgentState?)state, happened),
        ActorKind.Halt => HaltState.Evolve(actor.Key, (HaltState?)state, happened),
        ActorKind.Approval => ApprovalState.Evolve(actor.Key, (ApprovalState?)state, happened),
        ActorKind.Knowledge => KnowledgeState.Evolve((KnowledgeState?)state, happened),
        ActorKind.Permit => PermitState.Evolve(actor.Key, (PermitState?)state, happened),
        _ => throw new ArgumentOutOfRangeException(nameof(actor), actor, null),
    };

    public static byte[] Write(IActorState state) => JsonSerializer.SerializeToUtf8Bytes(state, CoreJson.Options.GetTypeInfo(state.GetType()));

    /// <exception cref="JsonException">The document does not have the shape of the kind's state.</exception>
    public static IActorState Read(ActorKind kind, ReadOnlySpan<byte> document) =>
        (IActorState)(JsonSerializer.Deserialize(document, CoreJson.Options.GetTypeInfo(TypeOf(kind)))
            ?? throw new JsonException($"the document of an {kind} is null"));

    public static DocumentIndex Index(IActorState state) => state switch
    {
        IncidentState s => new DocumentIndex(s.Status.Name(), s.Open, (int)s.Severity, s.Id, s.Commander),
        AtpState s => new DocumentIndex(s.Status, !s.Finished, (int)s.Priority, s.IncidentId, s.Owner, s.Flow),
        AgentState s => new DocumentIndex("known", true, 0, null, s.Handle),
        HaltState s => new DocumentIndex(s.LiftedAt is null ? "active" : "lifted", s.LiftedAt is null, 0, s.IncidentId, s.RaisedBy),
        ApprovalState s => new DocumentIndex(s.Status.ToString().ToLowerInvariant(), s.Status == ApprovalStatus.Open, 0, s.IncidentId, s.Role),
        KnowledgeState s => new DocumentIndex("written", true, 0, s.Entry.IncidentId, s.WrittenBy),
        PermitState s => new DocumentIndex(
            s.Status.ToString().ToLowerInvariant(), s.Unsettled, s.Status == PermitStatus.Unknown ? 0 : 1, s.IncidentId, s.Holder, s.HaltId),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Names that belong to the actor as long as it is in this state.</summary>
    public static IEnumerable<string> Claims(IActorState? state) => state is IncidentState incident ? incident.Claims() : [];

    private static Type TypeOf(ActorKind kind) => kind switch
    {
        ActorKind.Incident => typeof(IncidentState),
        ActorKind.Atp => typeof(AtpState),
        ActorKind.Agent => typeof(AgentState),
        ActorKind.Halt => typeof(HaltState),
        ActorKind.Approval => typeof(ApprovalState),
        ActorKind.Knowledge => typeof(KnowledgeState),
        ActorKind.Permit => typeof(PermitState),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
