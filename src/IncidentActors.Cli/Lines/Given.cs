using System.CommandLine;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Cli.Lines;

/// <summary>Arguments and options as the verbs write them, with what the shell may suggest.</summary>
internal static class Given
{
    public static Argument<string> Id(string name, string description) => new(name) { Description = description, HelpName = name };

    public static Argument<string> Word(string name, string description, params string[] suggestions)
    {
        var argument = new Argument<string>(name) { Description = description, HelpName = name };
        argument.CompletionSources.Add(suggestions);
        return argument;
    }

    public static Argument<string?> Maybe(string name, string description, params string[] suggestions)
    {
        var argument = new Argument<string?>(name) { Description = description, HelpName = name, Arity = ArgumentArity.ZeroOrOne };
        if (suggestions.Length > 0) argument.CompletionSources.Add(suggestions);
        return argument;
    }

    public static Option<string?> Text(string name, string description, params string[] suggestions)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TEXT" };
        if (suggestions.Length > 0) option.CompletionSources.Add(suggestions);
        return option;
    }

    public static Option<string?> Required(string name, string description, params string[] suggestions)
    {
        var option = Text(name, description, suggestions);
        option.Required = true;
        return option;
    }

    /// <summary>May be given several times, or once with commas.</summary>
    public static Option<string[]> Many(string name, string description, params string[] suggestions)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = "ID", AllowMultipleArgumentsPerToken = true };
        if (suggestions.Length > 0) option.CompletionSources.Add(suggestions);
        return option;
    }

    /// <summary>The ids of <see cref="Many"/>; <c>all</c> means every one of <paramref name="all"/>.</summary>
    public static string[] Ids(string[]? given, IEnumerable<string> all)
    {
        var ids = (given ?? []).SelectMany(one => one.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        return ids is ["all"] ? [.. all] : ids;
    }

    /// <summary>NAME=VALUE as an object, null when nothing was given; false: one of them is not written so.</summary>
    public static bool Pairs(string[]? given, out JsonObject? pairs)
    {
        pairs = null;
        foreach (var one in given ?? [])
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) return false;
            (pairs ??= [])[one[..equals]] = one[(equals + 1)..];
        }

        return true;
    }

    /// <summary>Reads every long text; the first that cannot be read is said and ends the verb with <see cref="ExitCodes.Usage"/>.</summary>
    public static bool Long(this Line line, ref string? text)
    {
        if (text is null) return true;
        var (read, problem) = LongText.Read(text, line.Terminal.In);
        if (problem is not null) line.Fail(ExitCodes.Usage, problem);
        text = read;
        return problem is null;
    }
}
