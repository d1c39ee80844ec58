using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Atps;

/// <summary>
/// <c>atp_create</c> carries no id: the caller means a follow-up that a closure has already created, or else a new ATP. The node that gets the
/// call looks up which; the turn runs in the ATP's own actor. When two nodes choose differently, the idempotency key decides in the journal.
/// </summary>
public sealed class Creations(TurnExecutor turns, IActorDirectory actors)
{
    /// <summary>Creates the ATP, or answers with the follow-up that the call means.</summary>
    /// <param name="id">The id of a new ATP, if the caller chooses it; null if one is generated.</param>
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
