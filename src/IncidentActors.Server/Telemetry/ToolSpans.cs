using System.Diagnostics;
using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Telemetry;

/// <summary>A use of a tool as a span in the trace of the agent that calls, by OpenTelemetry's conventions for agents and MCP.</summary>
internal static class ToolSpans
{
    private const string ExecuteTool = "execute_tool";
    private const string ToolsCall = "tools/call";

    /// <summary>Null without a listener.</summary>
    public static Activity? Start(string tool, ToolCall call)
    {
        var kind = Activity.Current is null ? ActivityKind.Server : ActivityKind.Internal;
        if (IncidentTraces.Start(SpanCatalogue.Tool.With(tool), kind, call.Call.Trace) is not { } span) return null;
        span.SetTag(Names.Operation, ExecuteTool).SetTag(Names.ToolName, tool);
        if (call.Call.By.Length > 0) span.SetTag(Names.AgentName, call.Call.By);
        if (call.Mcp is { } session) span.SetTag(Names.McpMethod, ToolsCall).SetTag(Names.McpSession, session.Length > 0 ? session : null);
        if (call.Text("incidentId") is { } incident) span.SetTag(Names.Incident, incident);
        if (call.Text("atpId") is { } atp) span.SetTag(Names.Atp, atp);
        return span;
    }

    public static void RecordOutcome(this Activity span, Outcome outcome)
    {
        switch (outcome)
        {
            case Rejected rejected:
                span.SetTag(Names.ErrorType, rejected.Rule).SetStatus(ActivityStatusCode.Error);
                break;
            case Unavailable:
                span.SetTag(Names.ErrorType, "unavailable").SetStatus(ActivityStatusCode.Error);
                break;
            case Accepted { Answer: { ValueKind: JsonValueKind.Object } answer } when span.GetTagItem(Names.Incident) is null:
                if (answer.TryGetProperty("incidentId", out var incident) && incident.ValueKind == JsonValueKind.String)
                    span.SetTag(Names.Incident, incident.GetString());
                break;
        }
    }
}
