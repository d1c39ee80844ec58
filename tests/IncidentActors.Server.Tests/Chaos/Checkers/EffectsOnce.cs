using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tests.Chaos.Checkers;

/// <summary>
/// An effect is applied once: all events that it caused are of one turn, and whenever an incident's alerts are over its
/// commander is told so exactly once.
/// </summary>
internal sealed class EffectsOnce
{
    private readonly Dictionary<string, DateTimeOffset> causes = [];
    private readonly Dictionary<string, int> suggested = [];
    private readonly Dictionary<string, int> told = [];

    /// <summary>Effects that were applied so far.</summary>
    public int Applied => causes.Count;

    public void See(StoredEvent one)
    {
        if (one.Cause is { } cause)
        {
            if (!causes.TryAdd(cause, one.At)) Assert.True(causes[cause] == one.At, $"{cause} was applied at {causes[cause]:O} and again at {one.At:O}");
        }

        if (one.Name == "incident.resolution-suggested.v1") suggested[one.Actor.Key] = suggested.GetValueOrDefault(one.Actor.Key) + 1;
        if (one.Name != "message.sent.v1" || one.By != Core.Agents.Handle.System) return;
        using var payload = JsonDocument.Parse(one.Payload);
        var subject = payload.RootElement.GetProperty("subject").GetString()!;
        if (!subject.StartsWith("All alerts of ", StringComparison.Ordinal)) return;
        var incident = subject.Split(' ')[3];
        told[incident] = told.GetValueOrDefault(incident) + 1;
    }

    /// <summary>To be called when no effect is left to be applied.</summary>
    public void Check()
    {
        foreach (var (incident, times) in suggested)
        {
            Assert.True(
                told.GetValueOrDefault(incident) == times,
                $"the alerts of {incident} were over {times} times and its commander was told so {told.GetValueOrDefault(incident)} times");
        }
    }
}
