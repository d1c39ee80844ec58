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
using IncidentActors.Server.Runbooks;

namespace IncidentActors.Server.Tools;

/// <summary>Every tool of SPEC §5, once: what HTTP and MCP offer.</summary>
public static class ToolCatalogue
{
    public static readonly ImmutableArray<Tool> All =
    [
        .. AtpTools.All,
        .. MessageTools.All,
        .. AgentTools.All,
        .. IncidentTools.All,
        .. HaltTools.All,
        .. ApprovalTools.All,
        .. KnowledgeTools.All,
        .. RunbookTools.All,
    ];

    private static readonly FrozenDictionary<string, Tool> ByName = All.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);

    public static Tool? Find(string name) => ByName.GetValueOrDefault(name);

    public static Rejected Unknown(string name) =>
        Rejected.Unknown(Rules.ToolUnknown, $"There is no tool '{Shortened.To(name, 60)}'.", [.. All.Select(tool => tool.Name)]);
}
