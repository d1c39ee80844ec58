using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Agents;

/// <summary>An agent's open ATPs in the order in which it took them up, parted by what halts cover.</summary>
/// <param name="Covering">Active halts that cover the agent's ordinary work, or one of its ATPs.</param>
internal sealed record AgentWork(ImmutableArray<HaltRecord> Covering, ImmutableArray<AtpState> Free, ImmutableArray<AtpState> Held)
{
    /// <summary>Open ATPs of one agent that are looked at.</summary>
    private const int MaxWork = 500;

    public static readonly AgentWork None = new([], [], []);

    public ImmutableArray<string> HeldIds => [.. Held.Select(one => one.Id)];

    /// <param name="agent">The agent's state; null if it is not registered.</param>
    /// <param name="scope">The turn that decides on the work; null if it is only shown. In a turn the versions of what is held, of its incidents
    /// and of the covering halts are guarded by the commit.</param>
    public static async Task<AgentWork> ReadAsync(string handle, AgentState? agent, TurnExecutor turns, TurnScope? scope, CancellationToken cancel)
    {
        var page = await turns.Journal.ListAsync(
            new ActorFilter(ActorKind.Atp) { Open = true, Owner = handle, OldestFirst = true, Limit = MaxWork }, cancel);
        var atps = page.Actors
            .Select(actor => (State: actor.State<AtpState>(), actor.Version))
            .OrderBy(atp => atp.State.WorkedSince ?? atp.State.CreatedAt).ThenBy(atp => atp.State.Id, StringComparer.Ordinal).ToList();
        await turns.RefreshHaltsAsync(cancel);
        var active = turns.Gate.Active;
        var info = agent?.Info("") ?? new AgentInfo(handle, turns.Options.Roster.RolesOf(handle), turns.Options.Roster.Find(handle)?.Team);
        if (active.Count == 0 || HaltPolicy.SubjectOf(info) is not { } ordinary) return new AgentWork([], [.. atps.Select(atp => atp.State)], []);
        var covering = active.Where(halt => halt.Covers(ordinary)).ToHashSet();
        var free = ImmutableArray.CreateBuilder<AtpState>();
        var held = ImmutableArray.CreateBuilder<AtpState>();
        foreach (var (atp, version) in atps)
        {
            var subject = HaltPolicy.SubjectOf(info, atp, await IncidentAsync(atp.IncidentId))!;
            var halts = active.Where(halt => halt.Covers(subject)).ToList();
            if (halts.Count == 0)
            {
                free.Add(atp);
                continue;
            }

            held.Add(atp);
            scope?.See(ActorId.Atp(atp.Id), new Known(version, atp));
            covering.UnionWith(halts);
        }

        if (scope is not null)
        {
            foreach (var halt in covering) await scope.LoadAsync(ActorId.Halt(halt.Id), cancel);
        }

        return new AgentWork([.. active.Where(covering.Contains)], free.ToImmutable(), held.ToImmutable());

        async Task<IncidentState?> IncidentAsync(string? id)
        {
            if (id is null) return null;
            var actor = ActorId.Incident(id);
            return (scope is null ? await turns.ReadAsync(actor, cancel) : await scope.LoadAsync(actor, cancel)).State as IncidentState;
        }
    }
}
