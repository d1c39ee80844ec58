using System.Net;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.NextSteps;
using Spectre.Console;

namespace IncidentActors.Cli.Lines;

/// <summary>Says on standard error why something was not done, and what to do.</summary>
internal static class Refusals
{
    /// <param name="about">The incident or ATP that the command was about, or null.</param>
    public static void Print(Terminal terminal, ServerAnswer answer, ServerAddress address, string? about)
    {
        var errors = terminal.Errors;
        if (answer.Status is not { } status)
        {
            errors.MarkupLineInterpolated($"[red]{answer.Trouble}[/]");
            errors.MarkupLineInterpolated($"Start a server with ./run, or name another one with --server or INCIDENT_SERVER (now {address}).");
            if (answer.Key is { } key) errors.MarkupLineInterpolated($"  {Again(key)}");
            return;
        }

        var problem = Problem.Read(answer);
        if (problem.Halt is { } halt)
        {
            var since = Ago.Both(halt.Time("raisedAt"), terminal.Now);
            var (by, reason) = (halt.Text("raisedBy"), halt.Text("reason"));
            errors.MarkupLineInterpolated(
                $"[bold red]HALTED[/] by {halt.Text("id")} on {halt.Text("scope")} since {since}, {by}: {reason} [grey]({problem.Rule})[/]");
        }
        else
            errors.MarkupLineInterpolated($"[red]{problem.Rule ?? $"{(int)status} {status}"}[/]: {NextCommand.Worded(problem.Sentence)}");
        if (!problem.Allowed.IsEmpty) errors.MarkupLineInterpolated($"  allowed: {NextCommand.Worded(string.Join(", ", problem.Allowed))}");
        foreach (var (who, command) in problem.Next) errors.MarkupLineInterpolated($"  next: {command} [grey]({who})[/]");
        if (status == HttpStatusCode.NotFound && Listing.Of(problem) is { } listing) errors.MarkupLineInterpolated($"  {listing}");
        if (Next(status, problem, address, answer.Key, about) is { } next) errors.MarkupLineInterpolated($"  {next}");
    }

    private static string? Next(HttpStatusCode status, Problem problem, ServerAddress address, string? key, string? about) => status switch
    {
        HttpStatusCode.Unauthorized when address.Token is not null =>
            "The token came from --token or INCIDENT_TOKEN; an operator makes another: incident token create @HANDLE",
        HttpStatusCode.Unauthorized => "Give a token with --token or INCIDENT_TOKEN.",
        HttpStatusCode.BadRequest when problem.Rule == Rules.CallerMissing => "Name the caller: --agent @HANDLE or INCIDENT_AGENT.",
        HttpStatusCode.Locked when key is not null => $"Nothing was changed. When it is lifted, send it again with --key {key}",
        _ when problem.Rule == Rules.TurnEnded => "Begin the next turn: incident inbox",
        HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden when about is not null && problem.Next.IsEmpty =>
            $"What is owed, and by whom: incident next {about}",
        >= HttpStatusCode.InternalServerError when key is not null => Again(key),
        _ => null,
    };

    /// <summary>The hint for an unknown outcome.</summary>
    private static string Again(string key) => $"Send it again with --key {key}: it is applied at most once.";
}
