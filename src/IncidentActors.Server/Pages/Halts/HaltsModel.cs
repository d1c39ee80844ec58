using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Halts;
using IncidentActors.Server.Pages.Agents;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Halts;

/// <summary>All halts, and what a new one would cover.</summary>
/// <param name="Active">Newest first.</param>
/// <param name="Lifted">Lately.</param>
/// <param name="Scopes">What may be chosen: everything, teams, known agents.</param>
/// <param name="Preview">Of the scope that was asked for; null if none was.</param>
public sealed record HaltsModel(
    ImmutableArray<ActiveHalt> Active, ImmutableArray<HaltView> Lifted, ImmutableArray<(string Value, string Text)> Scopes,
    ImmutableArray<(string Value, string Text)> Incidents, HaltPreview? Preview)
{
    /// <summary>The last rehearsal that passed; null if none has.</summary>
    public RehearsalView? Rehearsed { get; init; }

    /// <summary>Why the visitor may not raise a halt for the incident that was chosen; null: the visitor may.</summary>
    public string? Refusal { get; init; }

    private const int MaxActive = 50;
    private const int MaxLifted = 20;
    private const int MaxChoices = 100;

    internal static async Task<HaltsModel> ReadAsync(PageRequest request)
    {
        var journal = request.Engine.Journal;
        var open = (await journal.ListAsync(new ActorFilter(ActorKind.Halt) { Open = true, Limit = MaxActive }, request.Aborted)).Actors
            .Select(stored => (Halt: stored.State<HaltState>(), stored.Version)).ToList();
        var counts = await Coverage.CountAsync(request, [.. open.Select(one => one.Halt.IfEnforced())]);
        var active = await Task.WhenAll(open.Select(async one =>
        {
            var (halt, version) = one;
            var nodes = halt.Mode.IsEnforced() ? await request.Engine.Nodes.OfAsync(halt.Id) : [];
            return new ActiveHalt(Engine.Views.Halt(halt, version, nodes, [], 0, 0), counts[halt.Id]);
        }));

        var lifted = await journal.ListAsync(new ActorFilter(ActorKind.Halt) { Open = false, Limit = MaxLifted }, request.Aborted);
        var incidents = await journal.StatesAsync<IncidentState>(new ActorFilter(ActorKind.Incident) { Open = true, Limit = MaxChoices }, request.Aborted);
        var known = await journal.ListAsync(new ActorFilter(ActorKind.Agent) { Limit = MaxChoices }, request.Aborted);
        var roster = request.Engine.Options.Roster.Members;
        var agents = known.Actors
            .Select(stored => stored.Actor.Key)
            .Union(roster.Select(member => member.Handle))
            .Where(handle => !Handle.IsReserved(handle))
            .Order(StringComparer.Ordinal);
        var teams = roster.Select(member => member.Team).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        var preview = await HaltPreview.ReadAsync(request);
        var chosen = incidents.FirstOrDefault(incident => incident.Id == preview?.Incident);
        return new HaltsModel(
            [.. active],
            [.. lifted.Actors.Select(stored => Engine.Views.Halt(stored.State<HaltState>(), stored.Version, [], [], 0, 0))],
            [("all", "all work"), .. teams.Select(team => ($"team:{team}", $"team {team}")), .. agents.Select(handle => ($"agent:{handle}", handle))],
            [
                ("", "no incident: no work is exempt"),
                .. incidents.Select(incident => (incident.Id, $"{incident.Id} {incident.Severity.Name()} {Shortened.To(incident.Title, 60)}")),
            ],
            preview)
        {
            Refusal = await request.CallerAsync() is { } caller ? HaltDecider.CheckRaiser(caller, chosen?.Commander)?.Sentence : null,
            Rehearsed = await Rehearsal.LastAsync(request.Engine.Records, request.Aborted),
        };
    }
}

/// <param name="Halt">Without its agents.</param>
/// <param name="Coverage">Its agents, counted.</param>
public sealed record ActiveHalt(HaltView Halt, Coverage Coverage);

/// <summary>What a halt would cover if it were raised now: what would really be covered is decided inside the commit that raises it.</summary>
/// <param name="Counted">Not all were counted: there are more.</param>
public sealed record HaltPreview(
    string Scope, string? Incident, int Agents, int Atps, ImmutableArray<string> SomeAgents, ImmutableArray<string> SomeAtps, bool Counted)
{
    private const int Most = 1000;
    private const int Some = 12;

    /// <summary>The conditions that the form's fields name, joined; null: nothing was asked for.</summary>
    private static string? Asked(PageRequest request)
    {
        var parts = new[] { "atp", "service", "environment", "action" }
            .Where(field => !string.IsNullOrWhiteSpace(request.Query(field))).Select(field => $"{field}:{request.Query(field)}").ToList();
        var scope = request.Query("scope");
        if (scope is not (null or "all")) parts.Insert(0, scope);
        return parts.Count > 0 ? string.Join('+', parts) : scope;
    }

    internal static async Task<HaltPreview?> ReadAsync(PageRequest request)
    {
        if (!HaltScope.TryParse(Asked(request), out var scope)) return null;
        var incident = request.Query("incident");
        var halt = new HaltRecord("preview", scope, "", "", incident, SparesUrgent: false, request.Now);
        var journal = request.Engine.Journal;
        var known = await journal.ListAsync(new ActorFilter(ActorKind.Agent) { Limit = Most }, request.Aborted);
        var agents = known.States<AgentState>().Where(agent => !Handle.IsReserved(agent.Handle)).Select(agent => agent.Info("")).ToList();
        agents.AddRange(await RosterAgents.NeverCalledAsync(request, agents.Select(agent => agent.Handle)));
        var owners = agents.ToDictionary(agent => agent.Handle);
        var open = await journal.ListAsync(new ActorFilter(ActorKind.Incident) { Open = true, Limit = Most }, request.Aborted);
        var incidents = open.Actors.ToDictionary(
            stored => stored.Actor.Key, stored => stored.State<IncidentState>());
        var atps = await journal.ListAsync(new ActorFilter(ActorKind.Atp) { Open = true, Limit = Most }, request.Aborted);
        var covered = agents.Where(agent => halt.Covers(HaltPolicy.SubjectOf(agent))).Select(agent => agent.Handle).ToList();
        var work = atps.States<AtpState>()
            .Where(
                one => halt.Covers(HaltPolicy.SubjectOf(
                    one,
                    one.Owner is null ? null : owners.GetValueOrDefault(one.Owner),
                    one.IncidentId is null ? null : incidents.GetValueOrDefault(one.IncidentId))))
            .Select(one => one.Id).ToList();
        return new HaltPreview(
            scope.ToString(),
            incident,
            covered.Count,
            work.Count,
            [.. covered.Order(StringComparer.Ordinal).Take(Some)],
            [.. work.Take(Some)],
            known.Next is not null || atps.Next is not null);
    }
}
