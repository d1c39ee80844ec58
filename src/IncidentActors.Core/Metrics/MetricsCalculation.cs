using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Metrics;

/// <summary>All metrics over all incidents in one pass: each incident gives its samples to the whole, its week, its severity, its category.</summary>
public static class MetricsCalculation
{
    public static MetricsReport Of(IEnumerable<IncidentState> incidents, IEnumerable<AtpState> atps, FlowSet flows, Policy policy, DateTimeOffset now)
    {
        var wrong = ImmutableArray.CreateBuilder<string>();
        var all = new Sums();
        var weeks = new SortedDictionary<string, Sums>(StringComparer.Ordinal);
        var severities = new SortedDictionary<string, Sums>(StringComparer.Ordinal);
        var categories = new SortedDictionary<string, Sums>(StringComparer.Ordinal);
        var known = incidents.ToList();
        foreach (var facts in Facts(known, atps, flows, policy))
        {
            if (facts.WrongClocks)
            {
                wrong.Add(facts.Incident.Id);
                continue;
            }

            var into = Into(facts.Incident);
            for (var metric = 0; metric < MetricDefinitions.All.Length; metric++)
            {
                var sample = MetricDefinitions.All[metric].Of(facts, now);
                foreach (var sums in into) sums.Add(metric, sample);
            }

            foreach (var sums in into) sums.Seen(facts.Incident.DeclaredAt);
        }

        foreach (var canceled in known.Where(incident => incident.Status == IncidentStatus.Canceled))
        {
            foreach (var sums in Into(canceled)) sums.Add(MetricDefinitions.FalseAlarms, new Sample(1, 1));
        }

        return new MetricsReport(
            all.Incidents, [.. MetricDefinitions.All.Select((definition, metric) => Total(definition, all, metric))],
            Slices(weeks), Slices(severities), Slices(categories), wrong.ToImmutable());

        Sums[] Into(IncidentState incident) =>
        [
            all, Of(weeks, Week(incident.DeclaredAt)), Of(severities, incident.Severity.Name()),
            Of(categories, incident.Category.ToString().ToLowerInvariant()),
        ];
    }

    /// <summary>The facts of every incident that is not a false alarm.</summary>
    public static IEnumerable<IncidentFacts> Facts(IEnumerable<IncidentState> incidents, IEnumerable<AtpState> atps, FlowSet flows, Policy policy)
    {
        var real = incidents.Where(incident => incident.Status != IncidentStatus.Canceled).ToList();
        var ofIncident = atps.Where(atp => atp.IncidentId is not null).ToLookup(atp => atp.IncidentId!);
        var repeated = real.SelectMany(incident => incident.Similar).Where(similar => similar.Repeat).Select(similar => similar.IncidentId).ToHashSet();
        return real.Select(incident => new IncidentFacts(
            incident, policy.RespondWithin(incident.Severity), [.. ofIncident[incident.Id]], repeated.Contains(incident.Id), flows));
    }

    /// <summary>The ISO week, <c>2026-W47</c>.</summary>
    public static string Week(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(at.UtcDateTime):0000}-W{ISOWeek.GetWeekOfYear(at.UtcDateTime):00}");

    private static MetricTotal Total(MetricDefinition definition, Sums sums, int metric)
    {
        var value = sums.Value(metric);
        bool? met = definition.Target is { } target && value is { } some ? (definition.AtLeast ? some >= target : some < target) : null;
        var unit = definition.Kind switch { MetricKind.MeanMinutes => "min", MetricKind.Share => "share", MetricKind.PerWeek => "per week", _ => "incidents" };
        return new MetricTotal(definition.Id, definition.Name, unit, definition.Formula, value, sums.Samples(metric), definition.Target, met);
    }

    private static ImmutableArray<MetricSlice> Slices(SortedDictionary<string, Sums> slices) =>
    [
        .. slices.Select(slice => new MetricSlice(
            slice.Key, slice.Value.Incidents,
            [.. MetricDefinitions.All.Select((definition, metric) => new MetricValue(definition.Id, slice.Value.Value(metric), slice.Value.Samples(metric)))])),
    ];

    private static Sums Of(SortedDictionary<string, Sums> slices, string key)
    {
        if (!slices.TryGetValue(key, out var sums)) slices.Add(key, sums = new Sums());
        return sums;
    }

    /// <summary>Sums of parts and wholes, by metric.</summary>
    private sealed class Sums
    {
        private readonly double[] parts = new double[MetricDefinitions.All.Length];
        private readonly double[] wholes = new double[MetricDefinitions.All.Length];
        private DateTimeOffset first = DateTimeOffset.MaxValue;
        private DateTimeOffset last = DateTimeOffset.MinValue;

        public int Incidents { get; private set; }

        public void Add(int metric, Sample sample)
        {
            parts[metric] += sample.Part;
            wholes[metric] += sample.Of;
        }

        public void Seen(DateTimeOffset at)
        {
            Incidents++;
            if (at < first) first = at;
            if (at > last) last = at;
        }

        public double Samples(int metric) => wholes[metric];

        public double? Value(int metric) => MetricDefinitions.All[metric].Kind switch
        {
            _ when wholes[metric] == 0 => null,
            MetricKind.Count => parts[metric],
            MetricKind.PerWeek => parts[metric] / Math.Max(1, Math.Ceiling((last - first).TotalDays / 7)),
            _ => parts[metric] / wholes[metric],
        };
    }
}
