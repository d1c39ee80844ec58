using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Atps;

/// <summary>
/// <c>atp_create</c> names no id: it means a follow-up that a closure has created already, or a new ATP. Which one is looked up on the node
/// that is asked, the turn is the ATP's own; the key in the journal settles races.
/// </summary>
public sealed class Creations(TurnExecutor turns, IActorDirectory actors)
{
    /// <summary>Creates the ATP, or answers with the follow-up that the call means.</summary>
    /// <param name="id">The new ATP's, where the caller chooses it; null: one is made.</param>
    public async Task<Outcome> CreateAsync(CreateAtp create, Call call, string? id = null) =>
        await actors.Atp(await MeantAsync(create, call) ?? id ?? $"AT-{turns.Stamp(call).Seed}").DoAsync(create, call);

    private async Task<string?> MeantAsync(CreateAtp create, Call call)
    {
        var caller = (await turns.ReadAsync(ActorId.Agent(call.By), CancellationToken.None)).State as AgentState;
        var followUps = new List<FollowUp>();
        foreach (var parent in OwedFollowUps.Parents(create, caller?.Info(call.Session).Ended))
        {
            if ((await turns.ReadAsync(ActorId.Atp(parent), CancellationToken.None)).State is AtpState state) followUps.AddRange(state.FollowUps);
        }

        return OwedFollowUps.Meant(create, followUps)?.AtpId;
    }
}
