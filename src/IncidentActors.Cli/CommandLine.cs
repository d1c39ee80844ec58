using System.CommandLine;
using System.CommandLine.Invocation;
using IncidentActors.Cli.Agents;
using IncidentActors.Cli.Approvals;
using IncidentActors.Cli.Atps;
using IncidentActors.Cli.Completion;
using IncidentActors.Cli.Config;
using IncidentActors.Cli.Drill;
using IncidentActors.Cli.Events;
using IncidentActors.Cli.Flows;
using IncidentActors.Cli.Guards;
using IncidentActors.Cli.Halts;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Incidents;
using IncidentActors.Cli.Knowledge;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Mcp;
using IncidentActors.Cli.Messages;
using IncidentActors.Cli.Metrics;
using IncidentActors.Cli.Permits;
using IncidentActors.Cli.Routes;
using IncidentActors.Cli.Runbooks;
using IncidentActors.Cli.Terminals;
using IncidentActors.Cli.Tokens;
using IncidentActors.Cli.Tools;
using IncidentActors.Cli.Watching;
using IncidentActors.Cli.Webhooks;
using Spectre.Console;

namespace IncidentActors.Cli;

/// <summary>The whole command line: every verb, in the order in which <c>--help</c> shows them.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancel = default)
    {
        if (args is [Watchdog.Verb]) return await Watchdog.RunAsync(terminal.In);

        // Handles begin with @, which must not be read as the name of a response file.
        var options = new GlobalOptions();
        var parsed = Root(terminal, options).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Errors.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
            // A guard passes signals on to its command and ends with it.
            ProcessTerminationTimeout = parsed.CommandResult.Command.Name == GuardVerb.Name ? null : TimeSpan.FromSeconds(10),
        };
        foreach (var argument in parsed.CommandResult.Command.Parents.OfType<Command>().SelectMany(parent => parent.Arguments)) argument.Hidden = true;
        try
        {
            if (args.Length == 0) return await HelpAsync(parsed, configuration, cancel);
            var runs = parsed.Action is ParseErrorAction || parsed.Action == parsed.CommandResult.Command.Action;
            return runs && UsageErrors.Of(parsed, args) is { Count: > 0 } wrong
                ? Say(terminal, parsed, wrong, parsed.GetValue(options.Json))
                : await parsed.InvokeAsync(configuration, cancel);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (OutputException error)
        {
            // A reader that stops (head, a pager that was left) has seen enough.
            if (error.OutputClosed) return ExitCodes.OutputClosed;
            terminal.Errors.MarkupLineInterpolated($"[red]{error.Message}[/]");
            return ExitCodes.Output;
        }
    }

    /// <summary>Without arguments: prints the help and returns the exit code for a usage error.</summary>
    private static async Task<int> HelpAsync(ParseResult parsed, InvocationConfiguration configuration, CancellationToken cancel)
    {
        if (parsed.Action is ParseErrorAction help) help.ShowHelp = true;
        await parsed.InvokeAsync(configuration, cancel);
        return ExitCodes.Usage;
    }

    private static int Say(Terminal terminal, ParseResult parsed, IReadOnlyList<string> wrong, bool json)
    {
        foreach (var sentence in wrong) terminal.Errors.MarkupLineInterpolated($"[red]{sentence}[/]");
        terminal.Errors.MarkupLineInterpolated($"See {UsageErrors.Path(parsed.CommandResult.Command)} --help.");
        if (json) terminal.Out.WriteLine(ProblemJson.Of(ExitCodes.Usage, wrong));
        return ExitCodes.Usage;
    }

    public static RootCommand Root(Terminal terminal) => Root(terminal, new GlobalOptions());

    private static RootCommand Root(Terminal terminal, GlobalOptions options)
    {
        var verbs = new Verbs(terminal, options);
        var root = new RootCommand($"The command line of IncidentActors: incidents, worked by agents and people.\n\n{ExitCodes.Table}");
        foreach (var option in options.All) root.Options.Add(option);
        Command[] all =
        [
            DeclareVerb.Make(verbs), QueryVerbs.List(verbs), QueryVerbs.Show(verbs), WatchVerb.Make(verbs), NextVerb.Make(verbs),
            .. ResponseVerbs.All(verbs),
            AgentVerbs.Inbox(verbs), .. MessageVerbs.All(verbs), .. ApprovalVerbs.All(verbs), HaltVerbs.Halt(verbs), HaltVerbs.Lift(verbs),
            PermitVerbs.All(verbs), GuardVerb.Make(verbs), GateVerb.Make(verbs), HookVerbs.All(verbs), GatewayVerb.Make(verbs),
            AtpVerbs.All(verbs), AgentVerbs.Agent(verbs), FlowVerbs.All(verbs), RouteVerbs.All(verbs), ConfigVerbs.All(verbs),
            ReportVerb.Make(verbs), RunbookVerbs.All(verbs),
            KnowledgeVerbs.All(verbs), MetricsVerb.Make(verbs), ToolsVerb.Make(verbs),
            EventVerbs.Events(verbs), DrillVerb.Make(verbs), TokenVerbs.All(verbs), WebhookVerbs.All(verbs), McpVerb.Make(verbs), CompletionVerb.Make(verbs),
        ];
        foreach (var verb in all) root.Subcommands.Add(verb);
        return root;
    }
}
