using IncidentActors.Server.Tests.Deliveries;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>The emergency flow over real processes on one PostgreSQL, one of which is killed: what a collector gets is one trace.</summary>
public sealed class EmergencyTraceTests
{
    private static readonly string[] ExpectedTree =
    [
        "incident.declare",
        "  incident.acknowledge",
        "  incident.approval",
        "  incident.atp.transition Closed",
        "  incident.atp.transition Closed",
        "  incident.atp.transition Complete",
        "  incident.atp.transition Deployed",
        "  incident.atp.transition InProgress",
        "  incident.atp.transition InProgress",
        "  incident.atp.transition InProgress",
        "  incident.atp.transition Queued",
        "  incident.atp.transition Queued",
        "  incident.atp.transition Queued",
        "  incident.deliver",
        "  incident.halt.raise",
        "    incident.halt.confirm",
        "    incident.halt.confirm",
        "    incident.halt.fence",
        "    incident.halt.lift",
        "  incident.message.acknowledge",
        "  incident.transition monitoring",
        "  incident.transition resolved",
    ];

    /// <summary>What the first node has told of before it is killed; a span that it has not sent by then is lost.</summary>
    private static readonly string[] BeforeTheKill =
    [
        "incident.declare", "incident.acknowledge", "incident.atp.transition Complete", "incident.atp.transition InProgress",
        "incident.atp.transition InProgress", "incident.deliver", "incident.halt.confirm", "incident.halt.confirm", "incident.halt.fence",
        "incident.halt.raise", "incident.message.acknowledge",
    ];

    [PostgresFact]
    public async Task An_emergency_is_one_trace_across_a_kill_and_two_nodes()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var hook = await Receiver.StartAsync();
        var journal = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = await TracedNode.StartAsync(receiver, "--journal", journal, "--webhooks-private");
        await using var two = await TracedNode.StartAsync(receiver, "--journal", journal, "--webhooks-private");
        await two.PostAsync("/api/webhooks", "@operator", new { url = hook.Url, events = new[] { "incident.declared" } });
        var flow = new Emergency();

        await flow.AlertAsync(one);
        await flow.AcknowledgeAsync(one);
        await flow.HandOffAsync(one);
        var first = await receiver.TraceAsync(
            flow.Incident,
            spans => BeforeTheKill.CountBy(name => name).All(wanted => spans.Count(span => span.Name == wanted.Key) >= wanted.Value),
            "the first node's part of the trace");
        await Eventually.TrueAsync(
            () => Handoffs(receiver) is { Length: > 0 } sent && sent.All(tool => RequestOf(receiver, tool) is not null), "the tool's span and its request");
        await one.Process.KillAsync();
        await flow.ApproveAsync(two);
        await flow.DeployAsync(two);
        await flow.CloseAsync(two);
        await one.Process.StartAsync();
        await flow.WritePostmortemAsync(one);

        var trace = await receiver.TraceAsync(
            flow.Incident,
            spans => spans.Length >= ExpectedTree.Length,
            "the rest of the trace");
        Assert.Equal(string.Join('\n', ExpectedTree), string.Join('\n', Tree(trace)));
        Assert.Equal(first.Single(span => span.Parent.Length == 0).Id, trace.Single(span => span.Parent.Length == 0).Id);
        Assert.All(trace, span => Assert.Equal(flow.Incident, span.Tag("incident.id")));
        Assert.All(trace, span => Assert.True(span.End >= span.Start));

        var approval = trace.Single(span => span.Name == "incident.approval");
        var handoff = trace.Single(span => span.Name == "incident.atp.transition Complete");
        // A turn runs where its actor is, on either node; after the kill there was one only.
        var deployed = trace.Single(span => span.Name == "incident.atp.transition Deployed");
        Assert.Equal(deployed.Node, approval.Node);
        Assert.Contains(first, span => span.Node != approval.Node);
        Assert.InRange(approval.Start, handoff.Start, handoff.End);
        Assert.Equal("approved", approval.Tag("incident.approval.outcome"));
        Assert.Equal([Link(Emergency.DevTrace), Link(Emergency.PmTrace)], approval.Links.Order());
        Assert.Equal([Link(Emergency.DevTrace)], handoff.Links);
        Assert.Equal(2, trace.Where(span => span.Name == "incident.halt.confirm").Select(span => span.Tag("incident.node.id")).Distinct().Count());
        Assert.Equal(("succeeded", flow.Atp), (deployed.Tag("deployment.status"), deployed.Tag("deployment.id")));

        // What is answered 503 is sent again, under a span of its own.
        Assert.All(Handoffs(receiver), tool =>
        {
            var request = RequestOf(receiver, tool)!;
            Assert.Equal((Link(Emergency.DevTrace), "POST /api/tools/{tool}"), ($"{request.Trace}-{request.Parent}", request.Name));
            Assert.Equal(
                ("execute_tool", "handoff", "@dev"), (tool.Tag("gen_ai.operation.name"), tool.Tag("gen_ai.tool.name"), tool.Tag("gen_ai.agent.name")));
        });
        await Eventually.TrueAsync(() => receiver.Metrics.Any(metric => metric.Name == "incident.commit.duration"), "the metrics' arrival");
    }

    private static ReceivedSpan[] Handoffs(OtlpReceiver receiver) => [.. receiver.Spans.Where(span => span.Name == "execute_tool handoff")];

    private static ReceivedSpan? RequestOf(OtlpReceiver receiver, ReceivedSpan tool) => receiver.Spans.SingleOrDefault(span => span.Id == tool.Parent);

    private static string Link(string traceparent) => string.Join('-', traceparent.Split('-')[1..3]);

    /// <summary>Names, each under its parent, sorted; a span whose parent is missing makes it fail.</summary>
    private static IEnumerable<string> Tree(ReceivedSpan[] trace)
    {
        Assert.All(
            trace, span => Assert.True(span.Parent.Length == 0 || trace.Any(other => other.Id == span.Parent), $"{span.Name} has a parent that nobody sent"));
        return Under(trace, "", "");
    }

    private static IEnumerable<string> Under(ReceivedSpan[] trace, string parent, string indent) =>
        trace.Where(span => span.Parent == parent).OrderBy(span => span.Name, StringComparer.Ordinal)
            .SelectMany(span => (IEnumerable<string>)[indent + span.Name, .. Under(trace, span.Id, indent + "  ")]);
}
