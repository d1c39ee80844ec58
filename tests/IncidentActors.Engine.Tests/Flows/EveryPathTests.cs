using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Testing;
using Xunit.Abstractions;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>
/// Every path through every shipped flow (seed 004's diagram with its error handling among them), enumerated from the table and walked
/// on the engine with a virtual clock: it goes where the table says, and ends.
/// </summary>
public sealed class EveryPathTests(ITestOutputHelper output)
{
    public static TheoryData<string, Severity> Flows
    {
        get
        {
            var data = new TheoryData<string, Severity>();
            foreach (var flow in FlowSet.Shipped.Latest)
            {
                Severity[] severities = flow.Rows.Any(row => !row.Requires.Severities.IsEmpty) ? Enum.GetValues<Severity>() : [Severity.Sev1];
                foreach (var severity in severities) data.Add(flow.Name, severity);
            }

            return data;
        }
    }

    [Slow]
    [Theory]
    [MemberData(nameof(Flows))]
    public async Task Every_path_is_walked_to_its_end(string name, Severity severity)
    {
        var flow = FlowSet.Shipped.Find(name)!;
        var paths = FlowPaths.Of(flow, severity).ToList();
        output.WriteLine($"{name} {severity.Name()}: {paths.Count} paths, {paths.Sum(path => path.Length)} steps");
        Assert.Empty(FlowPaths.Steps(flow, severity).Except(paths.SelectMany(path => path)));
        foreach (var path in paths)
        {
            await using var engine = new TestEngine();
            var walk = new PathWalk(engine, flow, severity);
            var said = string.Join(
                " ",
                path.Select(
                    step => $"{step.Row.Number}{step.Kind switch { StepKind.Rejected => "×", StepKind.TimedOut => "⏲", _ => "" }}"));
            var atp = await walk.BeginAsync("AT-PATH-1");
            foreach (var step in path[1..])
            {
                await walk.StepAsync(atp, step);
                Assert.True(step.To == await atp.Status(), $"{name} {said}: after row {step.Row.Number} it is {await atp.Status()} instead of {step.To}");
            }

            await EndedAsync(engine, flow, [.. path], atp, said);
        }
    }

    /// <summary>The history is the path and what its end leaves behind; every row that notifies did, once; nothing is owed.</summary>
    private static async Task EndedAsync(TestEngine engine, Flow flow, List<PathStep> path, FlowWalk walk, string said)
    {
        await engine.PassAsync(TimeSpan.FromMinutes(1));
        var view = await walk.View();
        var followUps = flow.Rows.Where(row => row.Kind == RowKind.FollowUp && (row.Emits.FollowUp!.After ?? path[^1].To) == path[^1].To).ToList();
        var taken = path.Where(step => step.Kind != StepKind.Rejected).Select(step => step.Row.Number).Concat(followUps.Select(row => row.Number)).ToList();

        // Who acts without acknowledging has acknowledged: the flow's row for it is taken first.
        var acknowledges = flow.Rows.FirstOrDefault(row => row.From == row.To && row.Tools.Contains("message_ack"));
        if (acknowledges is not null)
        {
            taken.Remove(acknowledges.Number);
            taken.Insert(1, acknowledges.Number);
        }

        Assert.Equal(string.Join(' ', taken), string.Join(' ', view.History.Where(entry => !IsReturn(flow, entry)).Select(entry => entry.Row)));
        Assert.True(view.Finished && view.Owed.IsEmpty, $"{flow.Name} {said}: {view.Status}, owes {view.Owed.Length}");
        Assert.Equal(followUps.Count, view.FollowUps.Length);
        var told = (await engine.Journal.InboxAsync("@operator", 1000, default))
            .Select(stored => stored.Message).Where(message => message.Type == MessageType.HITLNotification).Select(message => message.Id).ToHashSet();
        foreach (var entry in view.History.Where(entry => !IsReturn(flow, entry)))
        {
            var owed = flow.Rows.First(row => row.Number == entry.Row).Hitl == RowHitl.None ? 0 : 1;
            Assert.True(
                owed == entry.Messages.Count(told.Contains),
                $"{flow.Name} {said}: row {entry.Row} notified {entry.Messages.Count(told.Contains)} times");
        }
    }

    /// <summary>A rejected approval sends the ATP back without taking a row.</summary>
    private static bool IsReturn(Flow flow, HistoryEntry entry) =>
        flow.Rows.First(row => row.Number == entry.Row) is var row && row.To != entry.To && row.Kind == RowKind.Transition;
}
