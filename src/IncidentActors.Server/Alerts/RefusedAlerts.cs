using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Alerts;

/// <summary>One kind of refusal on this node.</summary>
/// <param name="Reason">The rule's id.</param>
/// <param name="Sentence">What the last sender was answered.</param>
public sealed record RefusedAlert(string Source, string Reason, int Status, string Sentence, long Count, DateTimeOffset Last);

/// <summary>Alerts that were refused since this node started, by source and reason: logged, counted and shown on the page Now.</summary>
internal sealed class RefusedAlerts(NodeMetrics metrics, RunningEngine engine, ILogger<RefusedAlerts> log)
{
    private const int MaxSentence = 1200;
    private const int MaxKinds = 200;
    private static readonly TimeSpan Shown = TimeSpan.FromHours(24);

    private readonly Counter<long> counter = metrics.Counter(MetricCatalogue.AlertsRefused);
    private ImmutableSortedDictionary<string, RefusedAlert> kinds = ImmutableSortedDictionary<string, RefusedAlert>.Empty;

    /// <summary>Those of the last 24 hours, the latest first.</summary>
    public IReadOnlyList<RefusedAlert> Recent =>
        [.. kinds.Values.Where(kind => engine.Options.Time.GetUtcNow() - kind.Last < Shown).OrderByDescending(kind => kind.Last)];

    public void Add(string source, string reason, int status, string sentence)
    {
        sentence = Shortened.To(sentence, MaxSentence);
        counter.Add(1, new(Names.Source, source), new(Names.Rule, reason));
        log.AlertRefused(source, status, reason, sentence);
        var now = engine.Options.Time.GetUtcNow();
        ImmutableInterlocked.Update(ref kinds, known =>
        {
            var key = $"{source} {reason}";
            if (known.Count >= MaxKinds && !known.ContainsKey(key)) return known;
            return known.SetItem(key, new RefusedAlert(source, reason, status, sentence, (known.GetValueOrDefault(key)?.Count ?? 0) + 1, now));
        });
    }

    /// <summary>Sees every answer of an <see cref="AlertSource"/>, also of what lies before the endpoint: tokens, limits, failures.</summary>
    public static void Use(WebApplication app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.Response.StatusCode is not (>= 400 and < 600) || http.Response.StatusCode is 499 or 503) return;
        if (http.GetEndpoint()?.Metadata.GetMetadata<AlertSource>() is not { } source) return;
        var problem = http.Items[typeof(Problem)] as Problem;
        http.RequestServices.GetRequiredService<RefusedAlerts>().Add(
            source.Name, problem?.Rule ?? $"http.{http.Response.StatusCode}", http.Response.StatusCode, problem?.Detail ?? "");
    });
}
