using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Atps;

/// <summary>One ATP's turns.</summary>
public class AtpActor(string id, Turns.Turns turns) : IAtp
{
    private readonly ActorId self = ActorId.Atp(id);

    public async Task<Outcome> DoAsync(AtpCommand command, Call call)
    {
        var result = await turns.TakeAsync(new TurnRequest(self, command, call)
        {
            Decide = (state, world) => AtpDecider.Decide(id, (AtpState?)state, command, world),
            SubjectOf = (state, world, decision) => Subjects.Of(state, world, decision, command, id),
            Answering = command is SettleApproval settle ? ActorId.Approval(settle.ApprovalId) : null,
            Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
            Identity = command is CreateAtp ? "create" : self.ToString(),
        });
        return result.Outcome;
    }

    public async Task<AtpView?> GetAsync()
    {
        var known = await turns.ReadAsync(self, CancellationToken.None);
        return known.State is AtpState state ? AtpView.Of(state, known.Version, turns.Options.Flows.Find(state.Flow, state.FlowVersion)) : null;
    }
}
