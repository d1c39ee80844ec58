using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;

namespace IncidentActors.Cli.Drill;

/// <param name="Detail">What was found.</param>
internal sealed record DrillCheck(string Name, bool Passed, string Detail);

/// <param name="Notified">HITL notifications that belong to the row.</param>
internal sealed record DrillRowResult(int Row, string From, string To, string By, DateTimeOffset At, int Notified);

/// <summary>The result of a drill; <c>--json</c> prints it.</summary>
internal sealed record DrillResult(
    string Flow, string Incident, string Atp, string AtpStatus, ImmutableArray<string> FollowUps, string? Halt, int Committed, int Refusals,
    TimeSpan Took, ImmutableArray<DrillRowResult> Rows, ImmutableArray<DrillCheck> Checks)
{
    /// <summary>File of the written report; null if not written yet.</summary>
    public string? Report { get; init; }

    /// <summary>The outside actions that the halt has ended; null if there was no halt.</summary>
    public HaltPermits? Outside { get; init; }

    public bool Passed => Checks.All(check => check.Passed);

    public string Json() => new JsonObject
    {
        ["passed"] = Passed,
        ["flow"] = Flow,
        ["incident"] = Incident,
        ["atp"] = Atp,
        ["status"] = AtpStatus,
        ["followUps"] = Http.JsonParts.Array(FollowUps),
        ["halt"] = Halt,
        ["committed"] = Committed,
        ["refusals"] = Refusals,
        ["seconds"] = Math.Round(Took.TotalSeconds, 3),
        ["rows"] = new JsonArray([.. Rows.Select(row => new JsonObject
        {
            ["row"] = row.Row, ["from"] = row.From, ["to"] = row.To, ["by"] = row.By, ["at"] = row.At, ["notified"] = row.Notified,
        })]),
        ["checks"] = new JsonArray(
            [.. Checks.Select(check => new JsonObject { ["check"] = check.Name, ["passed"] = check.Passed, ["detail"] = check.Detail })]),
        ["mustEndBy"] = Outside?.MustEndBy,
        ["quietAt"] = Outside?.QuietAt,
        ["report"] = Report,
    }.ToJsonString(new JsonSerializerOptions(CoreJson.Indented) { TypeInfoResolver = null });
}
