using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Forms;
using IncidentActors.Server.Pages.Shell;

namespace IncidentActors.Server.Pages.Serving;

/// <summary>One look at a page: all that reading its model and rendering it may know.</summary>
/// <param name="Path">The page's own path and query, where its forms post to.</param>
/// <param name="Now">The clock at which the page is true.</param>
/// <param name="Form">The form that was refused, with what was typed and why; null: nothing was sent.</param>
/// <param name="Following">The page's script fetches what has changed: nobody has opened the page anew.</param>
public sealed record PageRequest(
    HttpContext Http, RunningEngine Engine, Visitor Visitor, string Path, DateTimeOffset Now, ShellModel Shell, FormState? Form, bool Following)
{
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The visitor's roles: the token's, or the roster's of the handle.</summary>
    public ImmutableArray<string> Roles => Visitor.Token?.Roles ?? (Visitor.Handle is { } handle ? Engine.Options.Roster.RolesOf(handle) : []);

    /// <summary>The approval is put to a role of the visitor. Only what is shown depends on it; the tool decides.</summary>
    public bool MayDecide(ApprovalView approval) =>
        Roles.Contains(approval.Role) || Roles.Contains(Core.Agents.Roles.Operator) || Roles.Contains(Core.Agents.Roles.Owner);

    /// <summary>A value of the path: <c>{id}</c>.</summary>
    public string Route(string name) => Http.Request.RouteValues[name] as string ?? "";

    /// <summary>A value of the query, or null when it is missing or empty.</summary>
    public string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;
}
