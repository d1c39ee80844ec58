using System.Text.RegularExpressions;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Cli.Lines;

/// <summary>Which verb lists what exists, for callers that gave an unknown id.</summary>
internal static partial class Listing
{
    /// <summary>A sentence; null if the problem is not about an unknown id.</summary>
    public static string? Of(Problem problem)
    {
        if (Lists(problem.Rule) is not { } lists) return null;
        return Id().Match(problem.Sentence) is { Success: true } id && Shows(id.Value) is var (rule, what, verb) && rule != problem.Rule
            ? $"{id.Value} is the id of {what}: {verb} {id.Value}"
            : $"What there is: {lists}";
    }

    private static string? Lists(string? rule) => rule switch
    {
        Rules.IncidentUnknown => "incident list",
        Rules.AtpUnknown => "incident atp list",
        Rules.ArtifactUnknown => "incident atp show AT-…",
        Rules.ApprovalUnknown => "incident approvals",
        Rules.HaltUnknown => "incident halt status",
        Rules.MessageUnknown => "incident inbox",
        Rules.FlowUnknown => "incident flows list",
        Rules.RunbookUnknown => "incident runbook list",
        Rules.RunUnknown => "incident runbook show INC-…",
        Rules.KnowledgeUnknown => "incident knowledge search",
        Rules.TokenUnknown => "incident token list",
        Rules.WebhookUnknown => "incident webhook list",
        _ => null,
    };

    private static (string Rule, string What, string Verb)? Shows(string id) => id.Split('-')[0] switch
    {
        "INC" => (Rules.IncidentUnknown, "an incident", "incident show"),
        "AT" => (Rules.AtpUnknown, "an ATP", "incident atp show"),
        "APR" => (Rules.ApprovalUnknown, "an approval", "incident approve"),
        "HLT" => (Rules.HaltUnknown, "a halt", "incident halt status"),
        "KB" => (Rules.KnowledgeUnknown, "a knowledge entry", "incident knowledge show"),
        "msg" => (Rules.MessageUnknown, "a message", "incident ack"),
        _ => null,
    };

    [GeneratedRegex(@"\b(INC|AT|APR|HLT|KB|msg)-[A-Za-z0-9-]*[A-Za-z0-9]")]
    private static partial Regex Id();
}
