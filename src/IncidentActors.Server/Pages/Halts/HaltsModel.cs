using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Halts;

/// <summary>All halts, and what a new one would cover.</summary>
/// <param name="Active">Newest first.</param>
/// <param name="Lifted">Lately.</param>
/// <param name="Scopes">What may be chosen: everything, teams, known agents.</param>
/// <param name="Preview">Of the scope that was asked for, or null: none was.</param>
public sealed record HaltsModel(
    ImmutableArray<ActiveHalt> Active, ImmutableArray<HaltView> Lifted, ImmutableArray<(string Value, string Text)> Scopes,
    ImmutableArray<(string Value, string Text)> Incidents, HaltPreview? Preview)
{
    private const int MostActive = 50;
    private const int MostLifted = 20;
    private const int MostChoices = 100;

    internal static async Task<HaltsModel> ReadAsync(PageRequest request)
    {
        var journal = request.Engine.Journal;
        var open = (await journal.ListAsync(new ActorFilter(ActorKind.Halt) { Open = true, Limit = MostActive }, request.Aborted)).Actors
            .Select(stored => (Halt: (HaltState)States.Read(ActorKind.Halt, stored.Document.Span), stored.Version)).ToList();
        var counts = await Coverage.CountAsync(request, [.. open.Select(one => one.Halt.IfEnforced())]);
        var active = await Task.WhenAll(open.Select(async one =>
        {
            var (halt, version) = one;
            var nodes = halt.Mode == HaltMode.Enforce ? await request.Engine.Turns.Nodes.OfAsync(halt.Id) : [];
            return new ActiveHalt(Engine.Views.Halt(halt, version, nodes, [], 0, 0), counts[halt.Id]);
        }));

        var lifted = await journal.ListAsync(new ActorFilter(ActorKind.Halt) { Open = false, Limit = MostLifted }, request.Aborted);
        var incidents = await journal.ListAsync(new ActorFilter(ActorKind.Incident) { Open = true, Limit = MostChoices }, request.Aborted);
        var known = await journal.ListAsync(new ActorFilter(ActorKind.Agent) { Limit = MostChoices }, request.Aborted);
        var roster = request.Engine.Options.Roster.Members;
        var agents = known.Actors
            .Select(stored => stored.Actor.Key)
            .Union(roster.Select(member => member.Handle))
            .Where(handle => !Handle.IsReserved(handle))
            .Order(StringComparer.Ordinal);
        var teams = roster.Select(member => member.Team).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        return new HaltsModel(
            [.. active],
            [.. lifted.Actors.Select(stored => Engine.Views.Halt((HaltState)States.Read(ActorKind.Halt, stored.Document.Span), stored.Version, [], [], 0, 0))],
            [("all", "all work"), .. teams.Select(team => ($"team:{team}", $"team {team}")), .. agents.Select(handle => ($"agent:{handle}", handle))],
            [
                ("", "of no incident: nobody is exempt"),
                .. incidents.Actors
                    .Select(stored => (IncidentState)States.Read(ActorKind.Incident, stored.Document.Span))
                    .Select(incident => (incident.Id, $"{incident.Id} {incident.Severity.Name()} {Shortened.To(incident.Title, 60)}")),
            ],
            await HaltPreview.ReadAsync(request));
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

    internal static async Task<HaltPreview?> ReadAsync(PageRequest request)
    {
        var text = request.Query("atp") is { } atp ? $"atp:{atp}" : request.Query("scope");
        if (!HaltScope.TryParse(text, out var scope)) return null;
        var incident = request.Query("incident");
        var halt = new HaltRecord("preview", scope, "", "", incident, SparesUrgent: false, request.Now);
        var journal = request.Engine.Journal;
        var known = await journal.ListAsync(new ActorFilter(ActorKind.Agent) { Limit = Most }, request.Aborted);
        var agents = known.Actors.Select(stored => (AgentState)States.Read(ActorKind.Agent, stored.Document.Span))
            .Where(agent => !Handle.IsReserved(agent.Handle)).ToList();
        var teams = agents.ToDictionary(agent => agent.Handle, agent => agent.Team);
        var atps = await journal.ListAsync(new ActorFilter(ActorKind.Atp) { Open = true, Limit = Most }, request.Aborted);
        var covered = agents.Where(agent => Coverage.Covers(halt, agent)).Select(agent => agent.Handle).ToList();
        var work = atps.Actors.Select(stored => (AtpState)States.Read(ActorKind.Atp, stored.Document.Span))
            .Where(
                one => halt.Covers(new Subject(
                    one.Owner ?? "", one.Owner is null ? null : teams.GetValueOrDefault(one.Owner), one.Id, one.IncidentId, one.Urgent)))
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
