using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using IncidentActors.Core.Flows;
using IncidentActors.Server.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace IncidentActors.Server.Mcp;

/// <summary>What an agent of a role does in a flow, written from the flow itself: change the flow and the prompt changes.</summary>
internal sealed class McpPrompts(RunningEngine engine)
{
    private const string Prefix = "work-as-";
    public const string FlowArgument = "flow";
    private const string DefaultFlow = "emergency";

    public ListPromptsResult List() => new()
    {
        Prompts =
        [
            .. Roles().Select(role => new Prompt
            {
                Name = Prefix + role,
                Title = $"Work as @{role}",
                Description = $"What you do as @{role} in a flow: your steps, what they need, what they owe.",
                Arguments = [new PromptArgument { Name = FlowArgument, Description = $"{string.Join(", ", FlowsOf(role))}. Left out: {FlowFor(role)}." }],
            }),
        ],
    };

    public GetPromptResult Get(GetPromptRequestParams? asked)
    {
        var role = asked?.Name.StartsWith(Prefix, StringComparison.Ordinal) == true ? asked.Name[Prefix.Length..] : "";
        if (!Roles().Contains(role))
        {
            throw new McpProtocolException(
                $"There is no such prompt; there are {string.Join(", ", Roles().Select(known => Prefix + known))}.",
                McpErrorCode.InvalidParams);
        }

        var wanted = asked!.Arguments is { } arguments && arguments.TryGetValue(FlowArgument, out var given) ? given.ToString() : FlowFor(role);
        if (engine.Options.Flows.Latest.FirstOrDefault(flow => flow.Name == wanted) is not { } flow)
        {
            throw new McpProtocolException(
                $"There is no such flow; there are {string.Join(", ", engine.Options.Flows.Latest.Select(known => known.Name))}.",
                McpErrorCode.InvalidParams);
        }

        return new GetPromptResult
        {
            Description = $"@{role} in {flow.Title}",
            Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = Text(role, flow) } }],
        };
    }

    /// <summary>Flows that the prompt may be asked for; null if there is no such prompt.</summary>
    public IEnumerable<string>? FlowsFor(string prompt) =>
        prompt.StartsWith(Prefix, StringComparison.Ordinal) && Roles().Contains(prompt[Prefix.Length..]) ? FlowsOf(prompt[Prefix.Length..]) : null;

    private static string Text(string role, Flow flow)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"You are @{role}. The flow is '{flow.Name}': {flow.Title}, priority {flow.Priority}{(flow.Urgent ? ", before everything else" : "")}.\n\n");
        text.Append(
            "Begin every turn with `inbox`. Acknowledge what requires it with `message_ack` before you work. "
            + "If an answer tells you of a HALT that is not about your incident, stop and confirm it with `halt_ack`.\n\nYour steps:\n");
        foreach (var cells in FlowTable.Rows(flow).Where(cells => cells[3] == role || cells[3] == "any"))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {cells[1]} → {cells[2]}: {cells[4]}, by {cells[5]}.");
            if (cells[7].Length > 0) text.Append(CultureInfo.InvariantCulture, $" Needs {cells[7]}.");
            if (cells[8].Length > 0) text.Append(CultureInfo.InvariantCulture, $" Owes {cells[8]}.");
            if (cells[9].Length > 0) text.Append(CultureInfo.InvariantCulture, $" Within {cells[9]}.");
            text.Append('\n');
        }

        text.Append(
            "\nA handoff has the sections Completed Work, Pending Work and Evidence, each with text under it. "
            + "Closing an ATP ends your turn: do nothing more in that message.\n");
        text.Append("A refusal says the rule and what is allowed now: do that instead of trying again.");
        return text.ToString();
    }

    private ImmutableArray<string> Roles() =>
        [
            .. engine.Options.Flows.Latest
                .SelectMany(flow => flow.Rows)
                .Select(row => row.Role)
                .Where(role => role is not ("any" or "owner"))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private IEnumerable<string> FlowsOf(string role) =>
        engine.Options.Flows.Latest.Where(flow => flow.Rows.Any(row => row.Role == role)).Select(flow => flow.Name);

    private string FlowFor(string role) => FlowsOf(role).OrderBy(name => name != DefaultFlow).First();
}
