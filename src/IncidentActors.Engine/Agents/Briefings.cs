using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Agents;

/// <summary>What changed while halts covered an agent that they do not cover any more.</summary>
internal sealed class Briefings(TurnExecutor turns, AgentState agent)
{
    private const int MaxHalts = 20;
    private const int MaxAtps = 20;
    private const int MaxEvents = 1000;
    private const int MaxPermits = 200;

    /// <summary>Ended halts on which the agent's inbox briefs it now: those that it knows of or was briefed on a moment ago, those whose
    /// acknowledgement it owes, and those that covered its ordinary work, one of its ATPs or one of its permits without its knowing; of more than
    /// <see cref="MaxHalts"/> the next inbox tells.</summary>
    public async Task<ImmutableArray<HaltRecord>> HaltsToBriefAsync(AgentWork work, ImmutableArray<HaltRecord> owed)
    {
        var over = Over(work).Concat(agent.Repeated(turns.Options.Time.GetUtcNow()).Select(one => one.Key)).ToHashSet();
        return [.. turns.Gate.Ended.Where(halt => over.Contains(halt.Id)).Concat(owed).Concat(await UnknownAsync(work)).DistinctBy(halt => halt.Id)];
    }

    private async Task<IEnumerable<HaltRecord>> UnknownAsync(AgentWork work)
    {
        var candidates = agent.NotBriefed(turns.Gate.Ended).OrderBy(halt => halt.RaisedAt).ToList();
        if (candidates.Count == 0 || HaltPolicy.SubjectOf(agent.Info("")) is not { } self) return [];
        var subjects = new List<(Subject Subject, DateTimeOffset Since)> { (self, agent.RegisteredAt) };
        var ended = new HashSet<string?>();
        if (!candidates.TrueForAll(Covered))
        {
            foreach (var atp in work.Free.Concat(work.Held))
            {
                var incident = atp.IncidentId is { } id ? (await turns.ReadAsync(ActorId.Incident(id), CancellationToken.None)).State as IncidentState : null;
                subjects.Add((HaltPolicy.SubjectOf(agent.Info(""), atp, incident)!, atp.CreatedAt > agent.RegisteredAt ? atp.CreatedAt : agent.RegisteredAt));
            }

            var permits = new ActorFilter(ActorKind.Permit) { Owner = agent.Handle, Limit = MaxPermits };
            ended.UnionWith((await new PermitBook(turns).ListAsync(permits, CancellationToken.None)).Items.Select(permit => permit.HaltId));
        }

        return candidates.Where(halt => ended.Contains(halt.Id) || Covered(halt)).Take(MaxHalts);

        bool Covered(HaltRecord halt) => subjects.Exists(
            one => !halt.Covers(one.Subject) && halt.PausedInterval(one.Subject, one.Since, DateTimeOffset.MaxValue) is not null);
    }

    /// <param name="work">The agent's work now, with the halts that still cover it.</param>
    /// <param name="told">Ended halts that come with this inbox, whether or not the agent knew of them.</param>
    /// <param name="owed">Those that come with every inbox until they are acknowledged.</param>
    public async Task<ImmutableArray<HaltBriefing>> OfAsync(AgentWork work, ImmutableArray<HaltRecord> told, ImmutableArray<HaltRecord> owed)
    {
        var briefings = ImmutableArray.CreateBuilder<HaltBriefing>();
        foreach (var id in Over(work).Concat(told.Select(halt => halt.Id)).Distinct())
        {
            if ((await turns.ReadAsync(ActorId.Halt(id), CancellationToken.None)).State is not HaltState halt) continue;
            var setAside = agent.ConfirmedHalts.GetValueOrDefault(id)?.SetAside ?? agent.Briefings.GetValueOrDefault(id)?.SetAside ?? [];
            var atps = setAside.IsEmpty && !agent.ConfirmedHalts.ContainsKey(id) ? await AtpsAsync(halt, work) : setAside;
            briefings.Add(new HaltBriefing(
                id, halt.Scope, halt.Reason, halt.RaisedAt, halt.LiftedAt, halt.LiftedBy, setAside, await ChangedAsync(halt, atps),
                await PermitsAsync(id), await DeploymentsAsync(halt))
            {
                Required = owed.Any(one => one.Id == id) ? true : null,
                Again = agent.Briefings.ContainsKey(id) ? true : null,
            });
        }

        return briefings.ToImmutable();
    }

    /// <summary>Halts that the agent knows of and that do not cover it any more.</summary>
    public IEnumerable<string> Over(AgentWork work) =>
        agent.ConfirmedHalts.Where(one => work.Covering.All(halt => halt.Id != one.Key)).OrderBy(one => one.Value.At).Select(one => one.Key);

    /// <summary>The agent's ATPs, also those that were finished under the halt.</summary>
    private async Task<ImmutableArray<string>> AtpsAsync(HaltState halt, AgentWork work)
    {
        var finished = await turns.Journal.ListAsync(
            new ActorFilter(ActorKind.Atp) { Open = false, Owner = agent.Handle, Limit = MaxAtps }, CancellationToken.None);
        return
        [
            .. finished.States<AtpState>()
                .Where(atp => atp.ClosedAt >= halt.RaisedAt).Concat(work.Held).Concat(work.Free).Select(atp => atp.Id),
        ];
    }

    private async Task<ImmutableArray<string>> ChangedAsync(HaltState halt, ImmutableArray<string> atps)
    {
        var lines = new List<(DateTimeOffset At, string Text)>();
        foreach (var atp in atps.Take(MaxAtps))
        {
            foreach (var stored in await turns.Journal.HistoryAsync(ActorId.Atp(atp), 0, MaxEvents, CancellationToken.None))
            {
                if (stored.At <= halt.RaisedAt || stored.By == agent.Handle) continue;
                var one = new TimelineEvent(stored.Actor, EventTypes.Read(stored.Name, stored.Payload.Span), stored.At, stored.By);
                if (Text(one) is { } text) lines.Add((stored.At, $"{stored.At:HH:mm:ss} {atp} by {stored.By}: {text}"));
            }
        }

        return [.. lines.OrderBy(line => line.At).Select(line => line.Text)];
    }

    private static string? Text(TimelineEvent one) => one.Event is AtpNoted noted ? noted.Notes : TimelineText.Of(one)?.Event;

    private async Task<ImmutableArray<PermitView>> PermitsAsync(string halt)
    {
        var book = new PermitBook(turns);
        var filter = new ActorFilter(ActorKind.Permit) { Owner = agent.Handle, Limit = MaxPermits };
        var open = await book.ListAsync(filter with { Open = true }, CancellationToken.None);
        var reported = await book.ListAsync(filter with { Flow = halt }, CancellationToken.None);
        return [.. open.Items.Concat(reported.Items).Where(permit => permit.HaltId == halt).DistinctBy(permit => permit.Id)];
    }

    /// <summary>Deployments under permits, and ATPs of the halt's incident whose fix went to production.</summary>
    private async Task<ImmutableArray<string>> DeploymentsAsync(HaltState halt)
    {
        var ended = await turns.Journal.ListAsync(new ActorFilter(ActorKind.Permit) { Status = "done", Limit = MaxPermits }, CancellationToken.None);
        var lines = ended.States<PermitState>()
            .Where(permit => permit.Action.StartsWith("deploy", StringComparison.Ordinal) && permit.EndedAt >= halt.RaisedAt)
            .Select(permit => (At: permit.EndedAt!.Value, Text: $"{permit.Action} {permit.Target} {permit.Environment} by {permit.Holder}"));
        if (halt.IncidentId is { } incident)
        {
            var atps = await turns.Journal.ListAsync(new ActorFilter(ActorKind.Atp) { Incident = incident, Limit = MaxAtps }, CancellationToken.None);
            lines = lines.Concat(atps.States<AtpState>().SelectMany(atp => atp.History
                .Where(entry => entry.At >= halt.RaisedAt && turns.Options.Flows.Find(atp.Flow, atp.FlowVersion) is { } flow
                    && flow.HasDeployed(entry.To) && !flow.HasDeployed(entry.From))
                .Select(entry => (entry.At, $"{atp.Id} ({atp.Title}) is {entry.To}, by {entry.By}"))));
        }

        return [.. lines.OrderBy(line => line.At).Select(line => $"{line.At:HH:mm:ss} {line.Text}")];
    }
}
