using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>Walks one path of a flow: each step by the role that the table names, with the evidence that the table asks for.</summary>
internal sealed class PathWalk(TestEngine engine, Flow flow, Severity severity)
{
    private static readonly Roster Roster = RosterYaml.Shipped();

    /// <summary>Virtual time between two steps: shorter than any approval's.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(20);

    public async Task<FlowWalk> BeginAsync(string id)
    {
        if (flow.Urgent) return await FlowWalk.DeclareAsync(engine, flow.Name, severity);
        await OkAsync(engine.Atp(id).DoAsync(new CreateAtp("A thing", flow.Name, flow.Name, Owner: "@dev"), By("@pm")));
        return new FlowWalk(engine, id);
    }

    public async Task StepAsync(FlowWalk walk, PathStep step)
    {
        await engine.PassAsync(Between);
        var row = step.Row;
        if (step.Kind == StepKind.Rejected)
        {
            await walk.Decide(Roster.HandleFor(row.Requires.Approval!.Role), false);
            return;
        }

        if (row.Tools.SequenceEqual(["message_ack"]) && (await walk.View()).History.Any(entry => entry.Row == row.Number)) return;
        var taker = await TakerAsync(walk, row);
        foreach (var branch in row.Requires.Branches.Select(id => flow.Branches.First(one => one.Id == id)))
            await walk.Add(Roster.HandleFor(branch.Role), branch.DoneBy);
        foreach (var needed in row.Requires.Artifacts)
            await walk.Add(needed.By is { } role ? Roster.HandleFor(role) : taker, needed.Type, needed.Outcome, Content(needed));
        if (step.Kind == StepKind.TimedOut) await engine.PassAsync(row.Requires.Approval!.Within);
        else if (row.Requires.Approval is { } approval) await walk.Decide(Roster.HandleFor(approval.Role), true);
        if (row.Automatic) return;
        if (!row.Requires.Gates.IsEmpty && !row.Requires.GatesVerifiedByTaker && row.Requires.Approval is not { VerifiesGates: true })
            await OkAsync(engine.Atp(walk.Id).DoAsync(new SetAtp(VerifiedGates: [.. row.Requires.Gates]), By(taker)));
        if (row.Tools.SequenceEqual(["message_ack"])) await walk.Acknowledge(taker);
        else if (row.Tools.SequenceEqual(["handoff"])) await walk.HandOff(taker, taker == "@pm" ? "@dev" : "@pm");
        else await walk.Take(taker, row.To);
    }

    private static string Content(RequiredArtifact needed) =>
        needed.Sections.IsDefaultOrEmpty
        ? "done"
        : string.Join("\n", needed.Sections.Select(section => $"## {section}\n{needed.Beginning(section)}{section} is known"));

    private static async Task<string> TakerAsync(FlowWalk walk, FlowRow row) => row.Role switch
    {
        Roles.Any => "@pm",
        Roles.AtpOwner => (await walk.View()).Owner!,
        var role => Roster.HandleFor(role),
    };
}
