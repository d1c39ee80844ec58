using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Atps;

/// <summary>
/// <c>atp_create</c> names no id: it means a follow-up that a closure has created already, or a new ATP. Runs on the node that is asked, also in
/// a cluster, where the ATP may have a place of its own: the key and the expected versions in the journal settle races.
/// </summary>
public sealed class Creations(Turns.Turns turns)
{
    /// <summary>Creates the ATP, or answers with the follow-up that the call means.</summary>
    public async Task<Outcome> CreateAsync(CreateAtp create, Call call) =>
        await new AtpActor(await MeantAsync(create, call) ?? $"AT-{turns.Stamp(call).Seed}", turns).DoAsync(create, call);

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
