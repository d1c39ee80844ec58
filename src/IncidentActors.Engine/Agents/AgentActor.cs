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
public class AgentActor(string handle, Turns.Turns turns) : IAgent
{
    /// <summary>Open ATPs of one agent that are looked at.</summary>
    private const int MostWork = 500;

    private readonly ActorId self = ActorId.Agent(handle);

    public async Task<Outcome> DoAsync(AgentCommand command, Call call)
    {
        try
        {
            var work = await WorkAsync();
            if (command is not RegisterAgent) await RegisterAsync(call, work);
            return await TakeAsync(command, call, work);
        }
        catch (JournalUnavailableException error)
        {
            return Turns.Turns.Unavailable(error);
        }
    }

    public async Task<InboxAnswer> FetchInboxAsync(Call call, int limit)
    {
        try
        {
            return await FetchAsync(call with { Key = null }, limit);
        }
        catch (JournalUnavailableException error)
        {
            return new InboxAnswer(null, Turns.Turns.Unavailable(error));
        }
    }

    public async Task<AgentView?> GetAsync()
    {
        var known = await turns.ReadAsync(self, CancellationToken.None);
        var listed = turns.Options.Roster.Find(handle);
        if (known.State is not AgentState && listed is null) return null;
        var state = known.State as AgentState;
        var work = await WorkAsync();
        var status = work.Covering.Length > 0 ? "halted" : work.Free.Length > 0 ? "working" : "idle";
        return new AgentView(
            handle, known.Version, status, state?.Roles ?? listed!.Roles, state?.Team ?? listed?.Team, state?.RegisteredAt,
            [.. work.Free.Select(WorkView.Of)], [.. work.Held.Select(WorkView.Of)], [.. work.Covering.Select(halt => halt.Notice())],
            state?.EndedTurns.Values.FirstOrDefault()?.AtpId);
    }

    /// <summary>An agent becomes known by its first own call, whatever it is.</summary>
    private async Task RegisterAsync(Call call, AgentWork work)
    {
        if ((await turns.ReadAsync(self, CancellationToken.None)).State is not null) return;
        var listed = turns.Options.Roster.Find(handle);
        await TakeAsync(new RegisterAgent(call.Roles ?? turns.Options.Roster.RolesOf(handle), call.Team ?? listed?.Team), call with { Key = null }, work);
    }

    private async Task<InboxAnswer> FetchAsync(Call call, int limit)
    {
        var work = await WorkAsync();
        var before = await turns.ReadAsync(self, CancellationToken.None);
        if (before.State is null) await RegisterAsync(call, work);
        var outcome = await TakeAsync(new FetchInbox(), call, work);
        if (outcome is not Accepted) return new InboxAnswer(null, outcome);
        var setAside = before.State is AgentState state
            ? state.ConfirmedHalts.Where(pair => work.Covering.All(halt => halt.Id != pair.Key)).SelectMany(pair => pair.Value.SetAside).ToHashSet()
            : [];
        var messages = await turns.Journal.InboxAsync(handle, limit, CancellationToken.None);
        var held = work.Held.Select(one => one.Id).ToHashSet();
        return new InboxAnswer(
            new InboxView(
                handle,
                [.. work.Covering.Select(halt => halt.Notice())],
                [.. messages.Select(message => Views.Message(message, held.Contains(message.Message.AtpId)))],
                [.. work.Free.Select(WorkView.Of)],
                [.. work.Held.Select(WorkView.Of)],
                [.. work.Free.Select(one => one.Id).Where(setAside.Contains)]),
            null);
    }

    private async Task<Outcome> TakeAsync(AgentCommand command, Call call, AgentWork work)
    {
        var setAside = work.Held.Select(one => one.Id).ToImmutableArray();
        var result = await turns.TakeAsync(new TurnRequest(self, command, call)
        {
            Decide = (state, world) => AgentDecider.Decide(handle, (AgentState?)state, command, world.Call, work.Covering, setAside),
            SubjectOf = (_, _, _) => null,
            Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
            Identity = self.ToString(),
        });
        return result.Outcome;
    }

    /// <summary>The agent's open ATPs in the order in which it took them up, parted by what halts cover.</summary>
    private async Task<AgentWork> WorkAsync()
    {
        var page = await turns.Journal.ListAsync(
            new ActorFilter(ActorKind.Atp) { Open = true, Owner = handle, OldestFirst = true, Limit = MostWork }, CancellationToken.None);
        var atps = page.Actors.Select(actor => (AtpState)States.Read(ActorKind.Atp, actor.Document.Span))
            .OrderBy(atp => atp.WorkedSince ?? atp.CreatedAt).ThenBy(atp => atp.Id, StringComparer.Ordinal).ToList();
        await turns.RefreshHaltsAsync(CancellationToken.None);
        if (turns.Gate.Active.Count == 0) return new AgentWork([], [.. atps], []);
        var known = await turns.ReadAsync(self, CancellationToken.None);
        var info = (known.State as AgentState)?.Info("")
            ?? new AgentInfo(handle, turns.Options.Roster.RolesOf(handle), turns.Options.Roster.Find(handle)?.Team);
        if (info.OutranksHalts) return new AgentWork([], [.. atps], []);
        var held = new List<AtpState>();
        var covering = turns.Gate.AllCovering(new Subject(handle, info.Team)).ToHashSet();
        var urgent = new Dictionary<string, bool>();
        foreach (var atp in atps)
        {
            var subject = new Subject(handle, info.Team, atp.Id, atp.IncidentId, atp.Urgent || await IsUrgentAsync(atp.IncidentId));
            var halts = turns.Gate.AllCovering(subject);
            if (halts.IsEmpty) continue;
            held.Add(atp);
            covering.UnionWith(halts);
        }

        return new AgentWork([.. turns.Gate.Active.Where(covering.Contains)], [.. atps.Except(held)], [.. held]);

        async Task<bool> IsUrgentAsync(string? incident)
        {
            if (incident is null) return false;
            if (urgent.TryGetValue(incident, out var known)) return known;
            return urgent[incident] = (await turns.ReadAsync(ActorId.Incident(incident), CancellationToken.None)).State is IncidentState { Urgent: true };
        }
    }

    /// <param name="Covering">Active halts that cover the agent's ordinary work, or one of its ATPs.</param>
    private sealed record AgentWork(ImmutableArray<HaltRecord> Covering, ImmutableArray<AtpState> Free, ImmutableArray<AtpState> Held);
}
