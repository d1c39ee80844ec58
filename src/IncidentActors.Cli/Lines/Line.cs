using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Agents;
using Spectre.Console;

namespace IncidentActors.Cli.Lines;

/// <summary>One run of one verb: what was given, the server, and how answers are shown.</summary>
internal sealed class Line : IDisposable
{
    private readonly ParseResult parsed;
    private readonly GlobalOptions options;
    private ServerClient? client;
    private ServerClient? quick;
    private HttpMessageHandler? handler;

    public Line(Terminal terminal, ParseResult parsed, GlobalOptions options)
    {
        Terminal = terminal;
        this.parsed = parsed;
        this.options = options;
        Json = parsed.GetValue(options.Json);
        Key = parsed.GetValue(options.Key) ?? $"cli-{Guid.NewGuid():N}";
    }

    public Terminal Terminal { get; }
    public bool Json { get; }

    /// <summary>The idempotency key of this run's command.</summary>
    public string Key { get; }
    public IAnsiConsole Screen => Terminal.Screen;

    /// <summary>The caller's handle; null if not given.</summary>
    public string? Agent => Given(options.Agent, "INCIDENT_AGENT") is { } handle ? Handle.Normalize(handle) : null;

    /// <summary>A handle or a token was given.</summary>
    public bool NamesCaller => Agent is not null || Given(options.Token, "INCIDENT_TOKEN") is not null;

    public ServerClient Server => client ??= Open();

    /// <summary>A client that gives up soon and says nothing of its attempts: its caller tries again by itself.</summary>
    public ServerClient Quick(int attempts = 1, TimeSpan? within = null)
    {
        var patient = Server;
        return quick ??= new ServerClient(patient.Address, handler!, Terminal.Pause, _ => { })
        {
            Attempts = attempts, ResponseTimeout = within ?? patient.ResponseTimeout, ServerTimeReceived = patient.ServerTimeReceived,
        };
    }

    /// <summary>Why the server cannot be called with what was given, or null.</summary>
    public string? AddressProblem
    {
        get
        {
            if (!Uri.TryCreate(GivenServer, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                return $"'{GivenServer}' is not the address of a server; one looks like {ServerAddress.Default}.";
            (string Name, string? Value)[] headers =
                [("The token", Given(options.Token, "INCIDENT_TOKEN")), ("--key", Key), ("The session", Given(options.Session, "INCIDENT_SESSION"))];
            return headers.FirstOrDefault(header => header.Value?.All(letter => letter is >= ' ' and <= '~') == false).Name is { } wrong
                ? $"{wrong} contains a character that is not allowed: only ASCII letters, digits and punctuation are (does it end with a line break?)."
                : null;
        }
    }

    /// <summary>The incident or ATP that the command names, or null.</summary>
    private string? About => parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
        .FirstOrDefault(value => value.StartsWith("INC-", StringComparison.Ordinal) || value.StartsWith("AT-", StringComparison.Ordinal));

    private string GivenServer => Given(options.Server, "INCIDENT_SERVER") ?? ServerAddress.Default;

    public string? Value(Option<string?> option) => parsed.GetValue(option);
    public string Value(Argument<string> argument) => parsed.GetRequiredValue(argument);
    public string? Maybe(Argument<string?> argument) => parsed.GetValue(argument);
    public T? Value<T>(Option<T> option) => parsed.GetValue(option);
    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>A handle that was given, well formed, or null.</summary>
    public string? HandleOf(Option<string?> option) => parsed.GetValue(option) is { } given ? Handle.Normalize(given) : null;

    /// <summary>Gets and shows; prints the JSON instead when asked to, or why it was refused.</summary>
    public async Task<int> GetAsync(string path, Action<ServerAnswer> show, CancellationToken cancel) =>
        Show(await Server.GetAsync(path, cancel), show);

    public async Task<int> PostAsync(string path, JsonObject body, Action<ServerAnswer> show, CancellationToken cancel) =>
        Show(await SendAsync(path, body, Key, cancel), show);

    /// <summary>Sends a command, with the owner's reason where one was given; what takes no override is refused by the server.</summary>
    /// <param name="key">Its idempotency key: <see cref="Key"/>, or one made from it where a verb sends several commands.</param>
    public Task<ServerAnswer> SendAsync(string path, JsonObject body, string key, CancellationToken cancel)
    {
        if (parsed.GetValue(options.Override) is { } reason) body["override"] = reason;
        return Server.PostAsync(path, body, key, cancel);
    }

    /// <summary>Calls a tool.</summary>
    public Task<int> ToolAsync(string tool, JsonObject arguments, Action<ServerAnswer> show, CancellationToken cancel) =>
        PostAsync($"/api/tools/{tool}", arguments, show, cancel);

    public int Show(ServerAnswer answer, Action<ServerAnswer> show)
    {
        if (!answer.Ok) return Refused(answer);
        try
        {
            // What is not JSON is no answer of the server, also where nothing of it is shown: nothing was done then.
            answer.Json();
            if (Json) PrintJson(answer.Body);
            else show(answer);
            return ExitCodes.Ok;
        }
        catch (JsonException) when (answer.Page is { } title)
        {
            return Fail(
                ExitCodes.Unavailable,
                $"{Server.Address} answered with a page, '{title}': it is not IncidentActors, or a proxy answered.");
        }
        catch (JsonException error)
        {
            return Misread(error);
        }
    }

    /// <summary>An answer that does not say what it must.</summary>
    public int Misread(JsonException error) => Fail(
        ExitCodes.Unavailable,
        $"The answer of {Server.Address} is not what this program expects ({error.Message}). Do the versions differ? --json prints it as it is.");

    public int Refused(ServerAnswer answer)
    {
        if (Json) PrintJson(ProblemJson.Of(answer));
        Refusals.Print(Terminal, answer, Server.Address, About);
        return answer.ExitCode;
    }

    /// <summary>Says on standard error what is wrong and gives the exit code back.</summary>
    public int Fail(int exitCode, string sentence)
    {
        Terminal.Errors.MarkupLineInterpolated($"[red]{sentence}[/]");
        if (Json) PrintJson(ProblemJson.Of(exitCode, [sentence]));
        return exitCode;
    }

    public void PrintJson(string json) => Terminal.Out.WriteLine(json.TrimEnd('\n'));

    public void Dispose()
    {
        client?.Dispose();
        quick?.Dispose();
        handler?.Dispose();
    }

    private ServerClient Open()
    {
        var token = Given(options.Token, "INCIDENT_TOKEN");
        var address = new ServerAddress(
            new Uri(GivenServer), token is null ? Agent : null, Given(options.Session, "INCIDENT_SESSION"), token);
        handler = Terminal.Http();
        return new ServerClient(address, handler, Terminal.Pause, said => Terminal.Errors.MarkupLineInterpolated($"[yellow]{said}[/]"))
        {
            ServerTimeReceived = now => Terminal.Ahead = now - Terminal.Clock.GetUtcNow(),
        };
    }

    private string? Given(Option<string?> option, string variable) =>
        parsed.GetValue(option) is { Length: > 0 } given ? given : Terminal.Environment(variable) is { Length: > 0 } set ? set : null;
}
