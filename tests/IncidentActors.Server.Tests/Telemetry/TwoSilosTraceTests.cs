using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>One command in the trace of its caller, from the HTTP request on one silo to the commit on another.</summary>
public sealed class TwoSilosTraceTests
{
    private const string Request = "POST /api/tools/{tool}";
    private const string Tool = "execute_tool atp_set";

    [PostgresFact]
    public async Task A_request_at_one_silo_and_the_commit_at_another_are_one_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var journal = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = await TracedNode.StartAsync(receiver, "--journal", journal);
        await using var two = await TracedNode.StartAsync(receiver, "--journal", journal);
        var traces = new HashSet<string>();

        // Orleans decides where a grain is, often on the silo that asked first: half of the ATPs are created at each silo.
        var ways = new List<ReceivedSpan[]>();
        await Eventually.TrueAsync(
            async () =>
            {
                var first = traces.Count % 2 == 0 ? one : two;
                var atp = (await first.UseAsync("atp_create", "@dev", new { title = $"work {traces.Count}" })).Text("id");
                var trace = $"{traces.Count + 1:x32}";
                traces.Add(trace);
                await one.UseAsync("atp_set", "@dev", new { atpId = atp, notes = "begun" }, $"00-{trace}-b7ad6b7169203331-01");
                ways = [.. receiver.Spans.Where(span => traces.Contains(span.Trace) && span.Name == SpanCatalogue.GroupCommit.Name)
                    .Select(commit => Way(receiver, commit)).Where(way => way.Select(span => span.Node).Distinct().Count() == 2)];
                return ways.Any(IsWhole);
            },
            "a trace through both silos");
        var whole = ways.First(IsWhole);
        Assert.Equal("b7ad6b7169203331", whole[0].Parent);
        Assert.Equal(whole[0].Node, whole[1].Node);
        Assert.NotEqual(whole[0].Node, whole[^1].Node);
        await Eventually.TrueAsync(
            () => receiver.Spans.Any(span => span.Parent == whole[^1].Id && span.Node == whole[^1].Node), "the statement of the commit in PostgreSQL");
        Assert.DoesNotContain(receiver.Spans, span => span.Parent.Length == 0 && span.Tag("db.system.name") is not null);
    }

    private static bool IsWhole(ReceivedSpan[] way) => way is [{ Name: Request }, { Name: Tool }, ..] && way[^2].Name == SpanCatalogue.Commit.Name;

    /// <summary>The span and all above it that have come, from the top.</summary>
    private static ReceivedSpan[] Way(OtlpReceiver receiver, ReceivedSpan? span)
    {
        var way = new List<ReceivedSpan>();
        for (; span is not null; span = receiver.Spans.FirstOrDefault(other => other.Trace == span.Trace && other.Id == span.Parent)) way.Insert(0, span);
        return [.. way];
    }
}
