using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine;

/// <summary>Views that are put together from more than one document.</summary>
public static class Views
{
    public static HaltView Halt(
        HaltState state, long version, ImmutableArray<NodeConfirmation> nodes, ImmutableArray<AgentConfirmation> agents, int covered, int confirmed) => new(
        state.Id, version, state.LiftedAt is null ? (state.Mode.IsEnforced() ? "active" : state.Mode.Name()) : "lifted",
        state.Scope, state.Reason, state.Condition, state.IncidentId, state.Mode, state.RaisedBy, state.RaisedAt,
        state.Mode.IsEnforced() ? state.RaisedAt : null, state.LiftedAt, state.LiftedBy, state.Lifts, nodes, agents, covered, confirmed)
    {
        BriefingRequired = state.BriefingRequired,
    };

    public static MessageView Message(StoredMessage stored, bool held) => new(
        stored.Message.Id, stored.Message.AtpId, stored.Message.IncidentId, stored.Message.From, stored.Message.To, stored.Message.Type,
        stored.Message.Priority, stored.Message.Subject, stored.Message.Body, stored.Message.RequiresAck, stored.Message.SentAt,
        stored.AckedBy == Handle.System ? null : stored.AckedAt, stored.AckedBy == Handle.System ? null : stored.AckedBy, held)
    {
        Withdrawn = stored.AckedBy == Handle.System ? stored.AckNotes : null,
    };
}
