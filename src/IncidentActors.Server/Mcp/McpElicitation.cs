using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// An approval that the model does not decide itself is put to the person at the client (elicitation), where the client can ask. The
/// answer is a decision like any other: of this approval only, and refused when it was decided or voided meanwhile.
/// </summary>
internal sealed class McpElicitation(RunningEngine engine)
{
    private const string Tool = "approval_decide";
    private const string Option = "option";
    private const string Note = "note";

    /// <summary>The arguments with the person's decision, or as they were: there is nothing to ask, or nobody. Or why it stays undecided.</summary>
    public async Task<(JsonElement Arguments, Rejected? Undecided)> CompleteAsync(
        McpServer server, string tool, JsonElement arguments, CancellationToken cancel)
    {
        if (tool != Tool || arguments.TryGetProperty("decision", out _) || server.ClientCapabilities?.Elicitation is null) return (arguments, null);
        if (!arguments.TryGetProperty("approvalId", out var id) || id.ValueKind != JsonValueKind.String) return (arguments, null);
        if (await ApprovalTools.FindAsync(engine.Journal, id.GetString()!) is not { Status: ApprovalStatus.Open } approval) return (arguments, null);
        ElicitResult answer;
        try
        {
            answer = await server.ElicitAsync(Question(approval), cancel);
        }
        catch (McpException error)
        {
            return (arguments, Undecided(approval, $"the client could not ask: {error.Message}"));
        }

        if (!answer.IsAccepted || Text(answer, Option) is not { } chosen || approval.Options.FirstOrDefault(known => known.Id == chosen) is not { } option)
            return (arguments, Undecided(approval, $"the person at the client has not chosen ({answer.Action})"));
        var complete = JsonNode.Parse(arguments.GetRawText())!.AsObject();
        complete["decision"] = option.Approves ?? option.Id == "approve" ? "approve" : "reject";
        complete[Option] = option.Id;
        if (Text(answer, Note) is { Length: > 0 } note) complete[Note] = note;
        return (JsonSerializer.SerializeToElement(complete, ServerJson.Info<JsonObject>()), null);
    }

    private static ElicitRequestParams Question(ApprovalView approval)
    {
        var text = new StringBuilder(approval.Question);
        if (approval.Evidence is { Length: > 0 } evidence) text.Append("\n\n").Append(evidence);
        if (approval.Recommendation is { } better) text.Append("\n\nRecommended: ").Append(better);
        text.Append(CultureInfo.InvariantCulture, $"\n\nBy {approval.Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC; then: ");
        text.Append(approval.OnTimeout switch
        {
            ApprovalTimeout.Approve => "it approves itself.",
            ApprovalTimeout.Reject => "it rejects itself.",
            _ => "it stays closed and escalates.",
        });
        return new ElicitRequestParams
        {
            Message = text.ToString(),
            RequestedSchema = new ElicitRequestParams.RequestSchema
            {
                Properties =
                {
                    [Option] = new ElicitRequestParams.TitledSingleSelectEnumSchema
                    {
                        Title = "Decision",
                        OneOf =
                        [
                            .. approval.Options.Select(
                                option =>
                                    new ElicitRequestParams.EnumSchemaOption
                                    {
                                        Const = option.Id,
                                        Title = option.Text + (option.Risk is { } risk ? $" (risk: {risk})" : ""),
                                    }),
                        ],
                    },
                    [Note] = new ElicitRequestParams.StringSchema { Title = "Why", Description = "For those who asked; may be left out.", MaxLength = 4000 },
                },
                Required = [Option],
            },
        };
    }

    private static Rejected Undecided(ApprovalView approval, string why) => new(
        Rules.ApprovalUndecided,
        $"{approval.Id} is not decided: {why}. Nothing was changed; give the argument 'decision', or ask again.",
        ["approve", "reject"]);

    private static string? Text(ElicitResult answer, string name) =>
        answer.Content is { } content && content.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
