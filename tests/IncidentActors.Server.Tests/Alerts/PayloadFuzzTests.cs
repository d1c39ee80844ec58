using System.Text;
using System.Text.Json.Nodes;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Routes;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.PagerDuty;
using IncidentActors.Server.Tests.Chaos;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>Mutated notifications: none fails the server, none is refused silently, and none below critical halts. <c>FUZZ_SEED</c> makes others.</summary>
public sealed class PayloadFuzzTests
{
    private const int Bodies = 10_000;
    private const int Sent = 400;

    private static readonly string[] Hostile =
        ["null", "7", "-0.5e3", "true", "[]", "{}", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "[[[[[[]]]]]]",
        "{\"a\":{\"b\":[1,{}]}}", "\"\\x\"", "\u00e9", "'x'", ","];

    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly Random random = new(Number.Of("FUZZ_SEED", 1));

    /// <summary>In this process: reading and routing are all that happens before the journal.</summary>
    [Fact]
    public void Ten_thousand_mutated_bodies_are_read_and_none_below_critical_halts()
    {
        var cases = BelowCritical();
        var read = 0;
        for (var i = 0; i < Bodies; i++)
        {
            var bytes = Mutated(cases[i % cases.Count]);
            var copy = Encoding.Latin1.GetString(bytes);
            try
            {
                if (LenientJson.Read(bytes, 1024 * 1024, 1000).Root is not { } root) continue;
                foreach (var (source, routed, labels) in Routed(root))
                {
                    read++;
                    if (IsCritical(labels) || labels.Keys.Any(key => key is "condition" or "signal" or "impact" or "loss_per_minute")) continue;
                    Assert.False(routed.Condition?.Mode.IsEnforced() == true || routed.Severity == Severity.Sev1, $"{source}: {routed.Account}");
                }
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                throw new Xunit.Sdk.XunitException($"body {i}: {error}\n{copy}");
            }
        }

        Assert.True(read > Bodies / 3, $"only {read} alerts could be read");
    }

    [Fact]
    public async Task Through_the_endpoints_every_answer_is_a_success_or_a_counted_refusal()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var cases = BelowCritical();
        var refused = 0;
        for (var i = 0; i < Sent; i++)
        {
            var one = cases[random.Next(cases.Count)];
            var reply = await server.PostAsync(one.Endpoint, null, Mutated(one));
            Assert.True((int)reply.Status is 200 or 202 or 400, $"{one}: {(int)reply.Status} {reply.Body}");
            if ((int)reply.Status == 400) refused++;
        }

        var metrics = (await server.GetAsync("/metrics")).Body.Split('\n')
            .Where(line => line.StartsWith("incident_alerts_refused_total{", StringComparison.Ordinal));
        Assert.Equal(refused, metrics.Sum(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        var halting = (await server.GetAsync("/api/halts?limit=1000")).Items().Select(halt => halt.Text("incidentId")).ToHashSet();
        var incidents = (await server.GetAsync("/api/incidents?limit=1000")).Items();
        Assert.NotEmpty(incidents);
        foreach (var incident in incidents.Where(incident => halting.Contains(incident.Text("id"))))
        {
            var labels = incident.GetProperty("labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);
            Assert.True(IsCritical(labels), incident.ToString());
        }

        await server.ReadyAsync();
    }

    private static List<CorpusCase> BelowCritical() => [.. CorpusCase.All.Where(one => one.Labels.Length == 0 && !IsCritical(new Dictionary<string, string>
    {
        ["severity"] = one.Sender == "datadog" && one.Severity == "P1" ? "critical" : one.Severity,
    }))];

    private static IEnumerable<(string Source, Routed Routed, IReadOnlyDictionary<string, string> Labels)> Routed(JsonObject root)
    {
        if (root.ContainsKey("event_action"))
        {
            if (PagerDutyEvent.Read(root, "").Event is not { } given) yield break;
            var seen = new AlertSeen("", given.Source, default, default, null, given.Summary);
            yield return ("pagerduty", RouteSet.Shipped.Of(Signal.Of("pagerduty", new AlertSignal("", given.Labels, null, given.Text), seen)), given.Labels);
            yield break;
        }

        foreach (var alert in AlertmanagerPayload.Of(root).Alerts ?? [])
        {
            var reading = AlertReading.Of(alert, null, "", RouteSet.Shipped, Now);
            yield return ("alertmanager", reading.Routed, reading.Labels);
        }
    }

    private static bool IsCritical(IReadOnlyDictionary<string, string> labels)
    {
        var words = RouteSet.Shipped.Rules.Where(rule => rule.Set.Severity == Severity.Sev1).SelectMany(rule => rule.When.Said).ToHashSet();
        return labels.Any(label => RouteSet.Shipped.SeverityLabels.Contains(label.Key, StringComparer.OrdinalIgnoreCase)
            && words.Contains(label.Value.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal)));
    }

    private byte[] Mutated(CorpusCase one)
    {
        var text = one.Body().ToJsonString();
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var n = 1 + random.Next(4); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at)));
                    break;
                case 4 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    var colon = bytes.IndexOf((byte)':', at);
                    if (colon < 0) break;
                    var end = bytes.IndexOf((byte)',', colon);
                    if (end > colon) bytes.RemoveRange(colon + 1, end - colon - 1);
                    bytes.InsertRange(colon + 1, Encoding.Latin1.GetBytes(Hostile[random.Next(Hostile.Length)]));
                    break;
            }

            if (bytes.Count == 0) bytes.Add((byte)'{');
        }

        return [.. bytes];
    }
}
