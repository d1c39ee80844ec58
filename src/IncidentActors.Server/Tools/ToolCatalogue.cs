using System.Collections.Frozen;
using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Server.Agents;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Atps;
using IncidentActors.Server.Halts;
using IncidentActors.Server.Incidents;
using IncidentActors.Server.Knowledge;
using IncidentActors.Server.Permits;
using IncidentActors.Server.Runbooks;

namespace IncidentActors.Server.Tools;

/// <summary>Every tool, once: what HTTP and MCP offer.</summary>
public static class ToolCatalogue
{
    public static readonly ImmutableArray<Tool> All =
    [
        .. AtpTools.All,
        .. MessageTools.All,
        .. GovernanceTools.All,
        .. AgentTools.All,
        .. IncidentTools.All,
        .. HaltTools.All,
        .. PermitTools.All,
        .. ApprovalTools.All,
        .. KnowledgeTools.All,
        .. RunbookTools.All,
    ];

    private static readonly FrozenDictionary<string, Tool> ByName = All.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);

    /// <summary>The tool of that name, with or without the prefix <c>governance</c>; or null.</summary>
    public static Tool? Find(string name) => ByName.GetValueOrDefault(name) ?? ByName.GetValueOrDefault(GovernanceTools.Plain(name));

    public static Rejected Unknown(string name) => GovernanceTools.InsteadOf(name) is { IsEmpty: false } instead
        ? Rejected.Unknown(Rules.ToolUnknown, $"There is no tool '{name}' here; use {string.Join(" or ", instead)}.", instead)
        : Rejected.Unknown(Rules.ToolUnknown, $"There is no tool '{Shortened.To(name, 60)}'.", [.. All.Select(tool => tool.Name)]);
}
