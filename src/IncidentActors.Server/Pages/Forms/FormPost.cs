using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Tools;
using Microsoft.AspNetCore.Http.Features;

namespace IncidentActors.Server.Pages.Forms;

/// <summary>A form that was sent to a page: the tool that it names is used with its fields as arguments, as by HTTP.</summary>
internal static class FormPost
{
    /// <summary>Fields that are not arguments begin with it: the form's id, its token, its idempotency key, where to go then.</summary>
    private const char Own = '_';

    private const string IdOfAnswer = "{id}";

    private static readonly FormOptions Limits = new()
    {
        BufferBody = false,
        ValueCountLimit = 200,
        ValueLengthLimit = 2 * Body.DefaultLimit,
        BufferBodyLengthLimit = 2 * Body.DefaultLimit,
    };

    /// <returns>The form to show again, or null if it succeeded and the visitor was redirected.</returns>
    public static async Task<FormState?> TakeAsync(HttpContext http)
    {
        var visitor = Visitor.Of(http);
        if (http.Request.ContentLength > 2 * Body.DefaultLimit) return Refused(null, Problem.TooLarge("The form is larger than 2048 KiB; send less at once."));
        var form = await ReadAsync(http);
        if (form is null) return Refused(null, Problem.Of(Arguments.Malformed("The request does not contain a form of these pages.")));
        if (visitor.Handle is null)
        {
            http.Response.Redirect(SigningIn.SignInEndpoints.PathTo(http.Request.Path + http.Request.QueryString));
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            return null;
        }

        if (!SameOrigin.Is(http.Request) || !SameOrigin.Matches(form["_token"].ToString(), visitor.FormToken))
        {
            return Refused(form, Problem.Named(
                "request.forged",
                "The form is not valid any more",
                StatusCodes.Status403Forbidden,
                "The form does not belong to your session; nothing was changed. Send it again."));
        }

        if (ToolCatalogue.Find(form["_tool"].ToString()) is not { } tool) return Refused(form, Problem.Of(ToolCatalogue.Unknown(form["_tool"].ToString())));
        var engine = http.RequestServices.GetRequiredService<RunningEngine>();
        var call = new Call
        {
            At = default, Seed = "", By = visitor.Handle, Key = Key(form), Token = visitor.Token?.Id, Roles = visitor.Token?.Roles,
            Team = visitor.Token?.Team, SignedInAt = TokenGate.SignedInAt(http),
        };
        var outcome = await tool.InvokeAsync(new ToolCall(engine, call, FormArguments.Of(form, tool), visitor.Token));
        switch (outcome)
        {
            case Rejected rejected:
                return Refused(form, Problem.Of(rejected));
            case Unavailable unavailable:
                return Refused(form, Problem.Of(unavailable)) with { Key = unavailable.Known ? null : Key(form) };
            default:
                if (!http.Request.Headers.ContainsKey(PageRoute.FollowingHeader)) DoneNote.Keep(http, tool, form);
                var then = Filled(form["_then"].ToString(), outcome);
                http.Response.Redirect(SameOrigin.IsLocal(then) ? then : http.Request.Path + http.Request.QueryString);
                http.Response.StatusCode = StatusCodes.Status303SeeOther;
                return null;
        }
    }

    /// <summary><c>{id}</c> in the path is the id of what was made.</summary>
    private static string Filled(string then, Outcome outcome) =>
        then.Contains(IdOfAnswer, StringComparison.Ordinal) && outcome is Accepted accepted && accepted.Answer.TryGetProperty("id", out var id)
            ? then.Replace(IdOfAnswer, Uri.EscapeDataString(id.GetString() ?? ""), StringComparison.Ordinal)
            : then;

    private static async Task<IFormCollection?> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return null;
        try
        {
            return await http.Request.ReadFormAsync(Limits, http.RequestAborted);
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static string? Key(IFormCollection form) =>
        form["_key"].ToString() is { Length: > 0 and <= 100 } key && key.All(char.IsAsciiLetterOrDigit) ? "page-" + key : null;

    private static FormState Refused(IFormCollection? form, Problem problem) => new(
        form?["_form"].ToString() ?? "",
        form is null
            ? ImmutableDictionary<string, ImmutableArray<string>>.Empty
            : form
                .Where(field => field.Key.Length > 0 && field.Key[0] != Own)
                .ToImmutableDictionary(field => field.Key, field => field.Value.OfType<string>().ToImmutableArray()),
        problem,
        null);
}
