using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Incidents.Lifecycle;

/// <summary>Every state of an incident and its work that commands lead to, each visited once: breadth first, every command by every role.</summary>
internal sealed class Exploration(Func<Stage> begin, string incident, int most)
{
    private static readonly (string Name, IncidentCommand Command)[] Commands =
    [
        ("acknowledge", new AcknowledgeIncident()),
        ("assess", new AssessIncident("checkout", "all", "03:00", "config", ["monitoring"])),
        ("mitigate", new MitigateIncident("rollback")),
        ("mitigated", new MitigateIncident(Done: true)),
        ("resolve", new ResolveIncident("over", Fix: "rolled back", Verified: Play.Verified)),
        ("resolve without a fix", new ResolveIncident("over", NoFix: "the provider is back", Verified: Play.Verified)),
        ("reopen", new ReopenIncident("errors again")),
        ("close", new CloseIncident(OverrideReason: "explored")),
        ("cancel", new CancelIncident("a test of the monitor")),
        ("raise", new ChangeSeverity(Severity.Sev1, "worse")),
        ("lower to SEV-2", new ChangeSeverity(Severity.Sev2, "better")),
        ("lower to SEV-3", new ChangeSeverity(Severity.Sev3, "better")),
        ("commander", new ChangeCommander("@qa")),
    ];

    /// <summary>Responder, commander, operator, owner with a reason, somebody who is not on it.</summary>
    private static readonly (string By, string? Because)[] Callers =
        [("@dev", null), ("@pm", null), ("@operator", null), ("@jonny", "I know"), ("@luna", null)];

    /// <summary>Visits states and calls back after each accepted command.</summary>
    /// <returns>How many different states were visited.</returns>
    public int Run(Action<Stage, string, Stage, IReadOnlyList<Decision>> accepted)
    {
        var first = begin();
        var seen = new HashSet<string> { Signature(first) };
        var queue = new Queue<(Stage Stage, string Path)>([(first, "")]);
        while (queue.TryDequeue(out var at))
        {
            foreach (var (name, step) in Steps(at.Stage))
            {
                var after = new Stage(at.Stage);
                var made = new List<Decision>();
                var decision = step(after, made);
                if (decision.Rejected is not null || !decision.Changes.Any()) continue;
                var path = $"{at.Path} > {name}";
                accepted(at.Stage, path, after, made);
                if (seen.Count < most && seen.Add(Signature(after))) queue.Enqueue((after, path));
            }
        }

        return seen.Count;
    }

    private IEnumerable<(string Name, Func<Stage, List<Decision>, Decision> Step)> Steps(Stage stage)
    {
        foreach (var (name, command) in Commands)
        {
            foreach (var (by, because) in Callers)
                yield return ($"{name} by {by}", (after, made) => Do(after, made, ActorId.Incident(incident), command, by, because));
        }

        foreach (var halt in stage.All<HaltState>().Where(halt => halt.LiftedAt is null))
            yield return ($"lift {halt.Id}", (after, made) => Do(after, made, ActorId.Halt(halt.Id), new LiftHalt(), "@operator", null));
        foreach (var atp in stage.All<AtpState>().Where(atp => !atp.Finished && atp.IncidentId == incident))
        {
            foreach (var row in FlowSet.Shipped.Find(atp.Flow, atp.FlowVersion)!.From(atp.Status).Where(row => !row.Automatic))
                yield return ($"{atp.Id} row {row.Number}", (after, made) => Take(after, made, atp, row));
        }
    }

    /// <summary>Accepted commands happen; the turn of whoever closed something begins again.</summary>
    private static Decision Do(Stage stage, List<Decision> made, ActorId target, ICommand command, string by, string? because)
    {
        if (stage.Get(ActorId.Agent(by)) is AgentState { EndedTurns.IsEmpty: false }) stage.Do(new FetchInbox(), by);
        var decision = stage.Decide(target, command, by, because: because);
        if (decision.Rejected is not null) return decision;
        made.Add(stage.Do(target, command, by, because: because));
        return made[^1];
    }

    /// <summary>Takes a row as its role would, with whatever it requires.</summary>
    private static Decision Take(Stage stage, List<Decision> made, AtpState atp, FlowRow row)
    {
        var id = ActorId.Atp(atp.Id);
        var by = row.Role is "any" ? "@pm" : row.Role is "owner" ? atp.Owner ?? "@pm" : stage.Roster.HandleFor(row.Role);
        foreach (var needed in row.Requires.Artifacts)
        {
            var sections = (needed.Sections.IsDefault ? [] : needed.Sections).Concat(atp.Sections);
            var text = string.Concat(sections.Select(section => $"## {section}\n{needed.Beginning(section)}- something\n")) + "\nwritten";
            var maker = needed.By is { } role ? stage.Roster.HandleFor(role) : needed.Type == "PMVerificationReport" ? "@pm" : by;
            if (needed.Type == "KnowledgeEntry") text = "---\ntitle: learned\n---\n## Root Cause\nconfig\n## Resolution\nreverted\n## Prevention\na test\n";
            Do(stage, made, id, new CreateArtifact(needed.Type, "made", text, needed.Outcome), maker, null);
        }

        foreach (var branch in row.Requires.Branches)
            Do(stage, made, id, new CreateArtifact("RootCauseAnalysis", branch, "## Root cause\nconfig"), "@dev", null);
        if (stage.Atp(atp.Id) is { } now && now.Approvals.LastOrDefault(one => one.Row == row.Number && one.Status == AtpApprovalStatus.Open) is { } open)
            Do(stage, made, id, new SettleApproval(open.Id, new DecideApproval(true)), stage.Roster.HandleFor(open.Role), null);
        AtpCommand command = row.Tools.Contains("handoff") ? new HandOff("@pm", "fixed", "deploy", "tests pass")
            : row.Tools.Contains("message_ack") ? new SetAtp(Notes: "started")
            : new ChangeStatus(row.To);
        return Do(stage, made, id, command, by, null);
    }

    /// <summary>What tells states apart: the incident, its ATPs by flow and status, its halts.</summary>
    private string Signature(Stage stage)
    {
        var state = stage.Incident(incident);
        var atps = stage.All<AtpState>().Where(atp => atp.IncidentId == incident)
            .Select(atp => (Atp: atp, Asks: atp.Approvals.Any(one => one.Status == AtpApprovalStatus.Open)))
            .Select(at => $"{at.Atp.Flow}:{at.Atp.Type}:{(at.Atp.Finished ? "done" : at.Atp.Status)}{(at.Asks ? "?" : "")}")
            .Distinct().Order(StringComparer.Ordinal);
        return $"{state.Status} {state.Severity} {state.Unanswered} {state.Assessment?.Complete} {state.ReopenedAt is not null} {string.Join(',', atps)} "
            + stage.All<HaltState>().Any(halt => halt.LiftedAt is null);
    }
}
