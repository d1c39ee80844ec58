using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Access;

/// <summary>Which team an actor belongs to: an agent by the roster or its registration, an ATP by its owner, an approval by its ATP, an incident
/// by its commander, its responders and its first reporter, a halt by its scope.</summary>
public sealed class TeamOwnership(IStoreReader store, Roster roster)
{
    /// <param name="Sentence">Continues "The token … is for the team …".</param>
    public readonly record struct Refusal(string Sentence, params string[] Allowed);

    /// <summary>Why a team's token may not change this; null if it may. What does not exist belongs to every team.</summary>
    public async Task<Refusal?> RefusalAsync(Touched touched, TokenRights rights, CancellationToken cancel)
    {
        var own = new HaltScope(HaltScopeKind.Team, rights.Team!);
        if (touched.Scope is { } scope) return IsWithin(scope, rights) ? null : new Refusal($": name the scope '{own}'.", own.ToString());
        if (touched.Actor is not { } actor) return new Refusal("; this belongs to all teams.");
        switch (actor.Kind)
        {
            case ActorKind.Agent:
                return await IsInAsync(actor.Key, rights, cancel) ? null : new Refusal($"; {actor.Key} is not in it.");
            case ActorKind.Atp:
                return await OfAtpAsync(actor.Key, rights, cancel);
            case ActorKind.Approval:
                return await store.StateAsync<ApprovalState>(actor, cancel) is { } approval ? await OfAtpAsync(approval.AtpId, rights, cancel) : null;
            case ActorKind.Incident:
                return await store.StateAsync<IncidentState>(actor, cancel) is not { } incident || await IsOfAsync(incident, rights, cancel)
                    ? null
                    : new Refusal($"; no member of it is on {actor.Key}.");
            case ActorKind.Halt:
                return await store.StateAsync<HaltState>(actor, cancel) is not { } halt || IsWithin(halt.Scope, rights)
                    ? null
                    : new Refusal($"; {actor.Key} covers {halt.Scope}.", own.ToString());
            case ActorKind.Permit:
                return await store.StateAsync<PermitState>(actor, cancel) is not { } permit || await IsInAsync(permit.Holder, rights, cancel)
                    ? null
                    : new Refusal($"; {actor.Key} is held by {permit.Holder}, who is not in it.");
            default:
                return new Refusal($"; {actor.Key} belongs to all teams.");
        }
    }

    private static bool IsWithin(HaltScope scope, TokenRights rights) => scope.Parts.Contains(new HaltScopePart(HaltScopeKind.Team, rights.Team!));

    private async Task<Refusal?> OfAtpAsync(string id, TokenRights rights, CancellationToken cancel) =>
        await store.StateAsync<AtpState>(ActorId.Atp(id), cancel) is not { Owner: { } owner } || await IsInAsync(owner, rights, cancel)
            ? null
            : new Refusal($"; {id} belongs to {owner}, who is not in it.");

    private async Task<bool> IsOfAsync(IncidentState incident, TokenRights rights, CancellationToken cancel)
    {
        foreach (var member in incident.Responders.Select(responder => responder.Handle).Prepend(incident.Commander).Distinct())
        {
            if (await IsInAsync(member, rights, cancel)) return true;
        }

        var first = await store.HistoryAsync(ActorId.Incident(incident.Id), 0, 1, cancel);
        return first.Count > 0 && (first[0].Token == rights.Token || await IsInTeamAsync(first[0].By, rights, cancel));
    }

    /// <summary>What the holder itself owns or responds to is its team's work.</summary>
    private async Task<bool> IsInAsync(string member, TokenRights rights, CancellationToken cancel) =>
        member == rights.Handle || await IsInTeamAsync(member, rights, cancel);

    /// <summary>The roster decides for its members; an agent beyond the roster is of the team that it registered with.</summary>
    private async Task<bool> IsInTeamAsync(string member, TokenRights rights, CancellationToken cancel) => roster.Find(member) is { } listed
        ? listed.Team == rights.Team
        : await store.StateAsync<AgentState>(ActorId.Agent(member), cancel) is { Team: { } team } && team == rights.Team;
}
