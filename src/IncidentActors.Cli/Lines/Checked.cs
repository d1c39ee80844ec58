using System.CommandLine;
using System.CommandLine.Parsing;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Cli.Lines;

/// <summary>Arguments and options that validate their values, so that all errors are reported at once and nothing is
/// sent. They use the parsers of the server, so both accept the same values.</summary>
internal static class Checked
{
    private static readonly string[] PriorityNames = ["P0", "P0-Critical", "P1", "P1-High", "P2", "P2-Normal", "P3", "P3-Low"];

    public static Option<string?> Severity(this Option<string?> option) => option.By(value =>
        Severities.TryParse(value, out _) ? null : $"'{value}' is not a severity; use {Severities.Accepted}.");

    public static Argument<string> Severity(this Argument<string> argument) => argument.By(value =>
        Severities.TryParse(value, out _) ? null : $"'{value}' is not a severity; use {Severities.Accepted}.");

    public static Option<string?> Category(this Option<string?> option) => option.By(value =>
        IncidentCategories.TryParse(value, out _) ? null : $"'{value}' is not a category; use {IncidentCategories.Accepted}.");

    public static Option<string?> Priority(this Option<string?> option) => option.By(value =>
        PriorityNames.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"'{value}' is not a priority; use P0, P1, P2 or P3.");

    public static Argument<string> Scope(this Argument<string> argument) => argument.By(ScopeProblem);

    public static Option<string?> Scope(this Option<string?> option) => option.By(ScopeProblem);

    public static Argument<string> Handle(this Argument<string> argument) => argument.By(HandleProblem);

    public static Argument<string?> Handle(this Argument<string?> argument, bool optional) => optional ? argument.By(HandleProblem) : argument;

    public static Option<string?> Handle(this Option<string?> option) => option.By(HandleProblem);

    /// <summary>One of these, letters in any case.</summary>
    public static Option<string?> OneOf(this Option<string?> option, params string[] all) => option.By(value => OneOfProblem(value, option.Name, all));

    public static Argument<string> OneOf(this Argument<string> argument, params string[] all) =>
        argument.By(value => OneOfProblem(value, $"<{argument.Name}>", all));

    private static string? OneOfProblem(string value, string name, string[] all) => all.Contains(value, StringComparer.OrdinalIgnoreCase)
        ? null
        : $"{name} must be one of {string.Join(", ", all)}, not '{value}'{(Nearest.To(value, all) is { } near ? $" (did you mean '{near}'?)" : "")}.";

    private static string? ScopeProblem(string value) =>
        HaltScope.TryParse(value, out _) ? null : $"'{value}' is not a scope; write {HaltScope.Forms}.";

    private static string? HandleProblem(string value) =>
        Core.Agents.Handle.IsWellFormed(Core.Agents.Handle.Normalize(value)) ? null : $"'{value}' is not a handle; a handle looks like @dev.";

    private static Option<string?> By(this Option<string?> option, Func<string, string?> check)
    {
        option.Validators.Add(result => Look(result, check));
        return option;
    }

    private static Argument<T> By<T>(this Argument<T> argument, Func<string, string?> check)
    {
        argument.Validators.Add(result => Look(result, check));
        return argument;
    }

    private static void Look(SymbolResult result, Func<string, string?> check)
    {
        if (result.Tokens is [{ Value: var value }] && check(value) is { } problem) result.AddError(problem);
    }
}
