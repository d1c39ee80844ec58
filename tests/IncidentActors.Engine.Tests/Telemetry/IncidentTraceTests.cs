using IncidentActors.Testing;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using IncidentActors.Testing.Stores;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Telemetry;

/// <summary>Where spans find their place when the node that declared the incident never told of it.</summary>
public sealed class IncidentTraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> stopped = new();
    private readonly ActivityListener listener;

    public IncidentTraceTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SpanCatalogue.Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task Two_nodes_that_come_later_make_one_root_from_what_is_recorded()
    {
        await using var journal = new InMemoryStore();
        string id;
        await using (var gone = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance))
        {
            var declare = new DeclareIncident("down", Severity.Sev3);
            id = (await OkAsync(gone.Declarations.DeclareAsync(declare, By("@pm")))).Answer.GetProperty("id").GetString()!;
        }

        await using (var one = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance))
        await using (var two = new InProcessActors(journal, new EngineOptions(), NullLogger.Instance))
        {
            var ofOne = new IncidentTraces(one.Turns, journal, NullLogger.Instance);
            var ofTwo = new IncidentTraces(two.Turns, journal, NullLogger.Instance);
            await OkAsync(one.Incident(id).DoAsync(new AcknowledgeIncident(), By("@pm")));
            await OkAsync(two.Incident(id).DoAsync(new MitigateIncident("rollback"), By("@pm")));
            await SeenAsync(id, 3);
            await ofOne.DisposeAsync();
            await ofTwo.DisposeAsync();
        }

        var spans = Of(id);
        var root = Assert.Single(spans, span => span.OperationName == "incident.declare");
        Assert.Equal(default, root.ParentSpanId);
        Assert.Equal(
            ["incident.acknowledge", "incident.transition mitigating"],
            spans.Where(span => span != root).Select(span => span.OperationName).Order(StringComparer.Ordinal));
        Assert.All(spans.Where(span => span != root), span => Assert.Equal((root.TraceId, root.SpanId), (span.TraceId, span.ParentSpanId)));
    }

    /// <summary>What an exporter would send of the incident.</summary>
    private List<Activity> Of(string incident) => [.. stopped.Where(span => span.Recorded && (string?)span.GetTagItem(Names.Incident) == incident)];

    private Task SeenAsync(string incident, int spans) => Eventually.TrueAsync(() => Of(incident).Count >= spans);
}
