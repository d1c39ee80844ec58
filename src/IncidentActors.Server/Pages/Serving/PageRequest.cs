using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Shell;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>One look at a page: all that reading its model and rendering it may know.</summary>
/// <param name="Path">The page's own path and query, where its forms post to.</param>
/// <param name="Now">The clock at which the page is true.</param>
/// <param name="Form">The form that was refused, with what was typed and why; null: nothing was sent.</param>
/// <param name="Following">The page's script fetches changes; the page was not reopened by a person.</param>
public sealed record PageRequest(
    HttpContext Http, RunningEngine Engine, Visitor Visitor, string Path, DateTimeOffset Now, ShellModel Shell, FormState? Form, bool Following)
{
    /// <summary>What the visitor has just done by a form, in a sentence; null: nothing.</summary>
    public string? Done { get; init; }

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The visitor's roles.</summary>
    public ImmutableArray<string> Roles => Visitor.Roles(Engine.Options.Roster);

    /// <summary>Whether the approval is addressed to a role of the visitor. For display only; the tool enforces it.</summary>
    public bool MayDecide(ApprovalView approval) => Visitor.Decides(approval.Role, Engine.Options.Roster, Now);

    /// <summary>The visitor as a tool sees its caller; null if not signed in.</summary>
    public async Task<AgentInfo?> CallerAsync()
    {
        if (Visitor.Handle is not { } handle) return null;
        var stored = await Engine.Journal.LoadAsync(ActorId.Agent(handle), Aborted);
        var known = stored is null
            ? new AgentInfo(handle, Engine.Options.Roster.RolesOf(handle))
            : stored.State<AgentState>().Info("");
        return known with { Roles = Visitor.Token?.Roles ?? known.Roles, Team = Visitor.Token?.Team ?? known.Team };
    }

    /// <summary>A value of the path: <c>{id}</c>.</summary>
    public string Route(string name) => Http.Request.RouteValues[name] as string ?? "";

    /// <summary>A value of the query, or null when it is missing or empty.</summary>
    public string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;
}
