using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Agents;

/// <summary>One agent's turns, its inbox, and its work under halts.</summary>
public class AgentActor(string handle, TurnExecutor turns) : Actor(ActorId.Agent(handle), turns), IAgent
{
    private const int MaxMessages = 1000;

    private readonly TurnExecutor turns = turns;

    public async Task<Outcome> DoAsync(AgentCommand command, Call call)
    {
        try
        {
            if (command is not RegisterAgent) await RegisterAsync(call);
            return (await TakeAsync(command, call)).Outcome;
        }
        catch (JournalUnavailableException error)
        {
            return TurnExecutor.Unavailable(error);
        }
    }

    public async Task<InboxAnswer> FetchInboxAsync(Call call, int limit)
    {
        try
        {
            return await FetchAsync(call with { Key = null }, Math.Clamp(limit, 1, MaxMessages));
        }
        catch (JournalUnavailableException error)
        {
            return new InboxAnswer(null, TurnExecutor.Unavailable(error));
        }
    }

    public async Task<InboxAnswer> PeekInboxAsync(Call call, int limit)
    {
        try
        {
            var state = (await turns.ReadAsync(Self, CancellationToken.None)).State as AgentState;
            var work = await AgentWork.ReadAsync(handle, state, turns, null, CancellationToken.None);
            return new InboxAnswer(await InboxAsync(work, Math.Clamp(limit, 1, MaxMessages)), null);
        }
        catch (JournalUnavailableException error)
        {
            return new InboxAnswer(null, TurnExecutor.Unavailable(error));
        }
    }

    public async Task<AgentView?> GetAsync()
    {
        var known = await turns.ReadAsync(Self, CancellationToken.None);
        var listed = turns.Options.Roster.Find(handle);
        if (known.State is not AgentState && listed is null) return null;
        var state = known.State as AgentState;
        var work = await AgentWork.ReadAsync(handle, state, turns, null, CancellationToken.None);
        var status = work.Covering.Length > 0 ? "halted" : work.Free.Length > 0 ? "working" : "idle";
        return new AgentView(
            handle, known.Version, status, state?.Roles ?? listed!.Roles, state?.Team ?? listed?.Team, state?.RegisteredAt,
            [.. work.Free.Select(WorkView.Of)], [.. work.Held.Select(WorkView.Of)], [.. work.Covering.Select(halt => halt.Notice())],
            state?.EndedTurns.Values.FirstOrDefault()?.AtpId) { Guards = [.. state?.Guards ?? []] };
    }

    /// <summary>An agent becomes known by its first call of any kind.</summary>
    private async Task RegisterAsync(Call call)
    {
        if ((await turns.ReadAsync(Self, CancellationToken.None)).State is not null) return;
        var listed = turns.Options.Roster.Find(handle);
        await TakeAsync(new RegisterAgent(call.Roles ?? turns.Options.Roster.RolesOf(handle), call.Team ?? listed?.Team), call with { Key = null });
    }

    private async Task<InboxAnswer> FetchAsync(Call call, int limit)
    {
        await RegisterAsync(call);
        var (outcome, before, work, owed, told) = await TakeAsync(new FetchInbox(), call);
        if (outcome is not Accepted) return new InboxAnswer(null, outcome);
        var setAside = before is null
            ? []
            : before.ConfirmedHalts.Where(pair => work.Covering.All(halt => halt.Id != pair.Key)).SelectMany(pair => pair.Value.SetAside)
                .Concat(before.Repeated(turns.Options.Time.GetUtcNow()).SelectMany(pair => pair.Value.SetAside)).ToHashSet();
        return new InboxAnswer(
            await InboxAsync(work, limit) with
            {
                Resumed = [.. work.Free.Select(one => one.Id).Where(setAside.Contains)],
                Briefing = before is not null ? await new Briefings(turns, before).OfAsync(work, told, owed) : [],
            },
            null);
    }

    private async Task<InboxView> InboxAsync(AgentWork work, int limit)
    {
        var messages = await turns.Journal.InboxAsync(handle, limit, CancellationToken.None);
        var held = work.HeldIds.Concat(await HeldOfOthersAsync(work, messages)).ToHashSet();
        return new InboxView(
            handle,
            [.. work.Covering.Select(halt => halt.Notice())],
            [.. messages.Select(message => Views.Message(message, held.Contains(message.Message.AtpId)))],
            [.. work.Free.Select(WorkView.Of)],
            [.. work.Held.Select(WorkView.Of)],
            []);
    }

    /// <summary>ATPs that the agent has messages about and does not own, where a halt covers its work on them.</summary>
    private async Task<IReadOnlyList<string>> HeldOfOthersAsync(AgentWork work, IReadOnlyList<StoredMessage> messages)
    {
        if (turns.Gate.Active.Count == 0) return [];
        var info = ((await turns.ReadAsync(Self, CancellationToken.None)).State as AgentState)?.Info("")
            ?? new AgentInfo(handle, turns.Options.Roster.RolesOf(handle), turns.Options.Roster.Find(handle)?.Team);
        var held = new List<string>();
        foreach (var id in messages.Select(message => message.Message.AtpId).Distinct().Except(work.Free.Concat(work.Held).Select(atp => atp.Id)))
        {
            if ((await turns.ReadAsync(ActorId.Atp(id), CancellationToken.None)).State is not AtpState atp) continue;
            var incident = atp.IncidentId is { } of ? (await turns.ReadAsync(ActorId.Incident(of), CancellationToken.None)).State as IncidentState : null;
            if (turns.Gate.Covering(HaltPolicy.SubjectOf(info, atp, incident)) is not null) held.Add(id);
        }

        return held;
    }

    /// <summary>One turn, with the agent's state before it, the work that it was decided on, and the briefings that it owes and that it is given.</summary>
    private async Task<(Outcome Outcome, AgentState? Before, AgentWork Work, ImmutableArray<HaltRecord> Owed, ImmutableArray<HaltRecord> Told)> TakeAsync(
        AgentCommand command, Call call)
    {
        AgentState? before = null;
        var (owed, told) = (ImmutableArray<HaltRecord>.Empty, ImmutableArray<HaltRecord>.Empty);
        var work = AgentWork.None;
        var result = await TakeAsync(new TurnRequest(Self, command, call)
        {
            Prepare = async (state, scope, cancel) =>
            {
                before = (AgentState?)state;
                work = await AgentWork.ReadAsync(handle, before, turns, scope, cancel);
                owed = before?.OwedBriefings(turns.Gate.Briefings) ?? [];
                told = before is not null && command is FetchInbox ? await new Briefings(turns, before).HaltsToBriefAsync(work, owed) : [];
            },
            Decide = (state, world, clean) =>
                AgentDecider.Decide(handle, (AgentState?)state, (AgentCommand)clean, world.Call, work.Covering, work.HeldIds, owed, told),
            SubjectOf = (_, _, _) => null,
            Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
            Identity = Self.ToString(),
        });
        return (result.Outcome, before, work, owed, told);
    }
}
