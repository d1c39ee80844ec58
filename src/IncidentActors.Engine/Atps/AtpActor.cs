using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Atps;

/// <summary>One ATP's turns.</summary>
public class AtpActor(string id, TurnExecutor turns) : Actor(ActorId.Atp(id), turns), IAtp
{
    private readonly TurnExecutor turns = turns;

    public async Task<Outcome> DoAsync(AtpCommand command, Call call)
    {
        var result = await TakeAsync(new TurnRequest(Self, command, call)
        {
            Decide = (state, world, clean) => AtpDecider.Decide(id, (AtpState?)state, (AtpCommand)clean, world),
            SubjectOf = (state, world, decision) => HaltPolicy.SubjectOf(state, world, decision, command, id),
            Answering = command is SettleApproval settle ? ActorId.Approval(settle.ApprovalId) : null,
            Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
            Identity = command is CreateAtp ? "create" : Self.ToString(),
        });
        return result.Outcome;
    }

    public Task<Outcome> ApplyAsync(EffectCommand effect) =>
        ApplyAsync(effect, (state, world, clean) => AtpDecider.Decide(id, (AtpState?)state, (AtpCommand)clean, world));

    public async Task<AtpView?> GetAsync()
    {
        var known = await turns.ReadAsync(Self, CancellationToken.None);
        return known.State is AtpState state ? AtpView.Of(state, known.Version, turns.Options.Flows.Find(state.Flow, state.FlowVersion)) : null;
    }
}
