using System.Collections.Immutable;
using System.Text.Json.Nodes;
using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Drill;

/// <summary>A fire drill as data: how it begins, and which calls by whom take each row of the flow.</summary>
/// <param name="Halts">Beginning halts all other work.</param>
/// <param name="FollowUps">Rows that the closure takes by itself, in the same commit.</param>
/// <param name="Failure">The row that goes wrong; null if nothing does.</param>
internal sealed record DrillScript(
    Flow Flow, DrillCall Start, bool Halts, ImmutableArray<DrillRow> Rows, ImmutableArray<FlowRow> FollowUps, FlowRow? Failure = null)
{
    /// <summary>What is drilled, for people.</summary>
    public string Title => Failure is null ? Flow.Title : $"{Flow.Title}; what goes wrong: {Failure.Trigger}";

    /// <summary>The rows that must be in the ATP's history at the end, in order.</summary>
    public IEnumerable<FlowRow> Expected => [.. Rows.Select(row => row.Row), .. FollowUps];
}

/// <param name="Calls">In order; without any the start takes the row.</param>
internal sealed record DrillRow(FlowRow Row, ImmutableArray<DrillCall> Calls);

/// <summary>One POST. Texts in the body and the path may hold <c>{atp}</c>, <c>{incident}</c>, <c>{followUp}</c>, <c>{directive}</c> (the newest
/// open directive to the caller) and <c>{approval}</c> (the ATP's open approval), filled in when the call is made.</summary>
internal sealed record DrillCall(string Agent, string Path, JsonObject Body)
{
    public static DrillCall Tool(string agent, string tool, params ReadOnlySpan<(string Name, JsonNode? Value)> arguments) =>
        new(agent, $"/api/tools/{tool}", Http.JsonParts.Body(arguments));

    public static DrillCall Approve(string agent, string note) =>
        new(agent, "/api/approvals/{approval}/decision", Http.JsonParts.Body(("decision", "approve"), ("note", note)));

    public static DrillCall AddFact(string agent, string to, string type, string priority, string subject, string body) => Tool(
        agent, "message_send", ("atpId", "{atp}"), ("fromAgent", agent), ("toAgent", to), ("messageType", type), ("priority", priority),
        ("subject", subject), ("body", body));
}
