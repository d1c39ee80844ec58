using System.Net.Sockets;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Agents;
using IncidentActors.Server.Alerts;
using IncidentActors.Server.Approvals;
using IncidentActors.Server.Atps;
using IncidentActors.Server.Deliveries;
using IncidentActors.Server.Events;
using IncidentActors.Server.Flows;
using IncidentActors.Server.Halts;
using IncidentActors.Server.Health;
using IncidentActors.Server.Inbox;
using IncidentActors.Server.Incidents;
using IncidentActors.Server.Json;
using IncidentActors.Server.Knowledge;
using IncidentActors.Server.Mcp;
using IncidentActors.Server.Metrics;
using IncidentActors.Server.PagerDuty;
using IncidentActors.Server.Pages;
using IncidentActors.Server.Probes;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Runbooks;
using IncidentActors.Server.Telemetry;
using IncidentActors.Server.Tokens;
using IncidentActors.Server.Tools;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IncidentActors.Server.Hosting;

/// <summary>A server that is ready. Disposing it stops listening, finishes turns, and closes the journal.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private const int MostConnections = 5000;

    /// <summary>Bodies have limits of their own (<see cref="Body"/>); up to this the rest of one that is too large is taken off the line, so that
    /// its sender reads the answer instead of a broken connection.</summary>
    private const long MostDrained = 4L * Body.WebhookLimit;

    private readonly WebApplication app;
    private readonly NodeTelemetry telemetry;
    private readonly ILoggerFactory logs;

    private RunningServer(WebApplication app, RunningEngine engine, NodeTelemetry telemetry, ILoggerFactory logs)
    {
        this.app = app;
        this.telemetry = telemetry;
        this.logs = logs;
        Engine = engine;
    }

    public RunningEngine Engine { get; }

    /// <summary>Callers must show a token.</summary>
    public Task<bool> GuardedAsync() => app.Services.GetRequiredService<TokenRecords>().AnyAsync(default);

    /// <summary><c>http://127.0.0.1:7070</c>.</summary>
    public string Address => app.Urls.First();

    /// <summary>Everything that it answers at.</summary>
    internal IEnumerable<RouteEndpoint> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <exception cref="StartFailure">Says why it cannot start.</exception>
    public static async Task<RunningServer> StartAsync(ServerOptions options, CancellationToken cancel = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        Logs(builder.Logging, options);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Options.TypeInfoResolver!));
        builder.Services.AddDocument();
        var logs = LoggerFactory.Create(logging => Logs(logging, options));
        builder.Services.AddSingleton(logs);
        options = RunningEngine.Complete(options);
        var listening = Listening.Read(options);
        var settings = Settings.Read(options);
        var journal = await Journals.OpenAsync(options, cancel);
        journal = options.Around?.Invoke(journal) ?? journal;
        var tokens = new TokenRecords((IRecords)journal);
        RunningEngine engine;
        try
        {
            if (options.FirstToken is { } secret) await FirstToken.TakeAsync(secret, tokens, settings, cancel);
            listening.Check(guarded: await tokens.AnyAsync(cancel));
            engine = await RunningEngine.StartAsync(options, settings, journal, logs, cancel);
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }

        NodeTelemetry? telemetry = null;
        try
        {
            telemetry = new NodeTelemetry(engine, options, logs);
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                Limit(kestrel);
                listening.Configure(kestrel);
            });
            Add(builder.Services, options, engine, tokens);
            builder.Services.AddSingleton(telemetry);
            var app = builder.Build();
            Map(app);
            app.Lifetime.ApplicationStopping.Register(engine.Waits.EndPolls);
            await app.StartAsync(cancel);
            engine.Lost.Register(app.Lifetime.StopApplication);
            return new RunningServer(app, engine, telemetry, logs);
        }
        catch (Exception error)
        {
            if (telemetry is not null) await telemetry.DisposeAsync();
            await engine.DisposeAsync();
            if (error is not (IOException or SocketException)) throw;
            throw new StartFailure(ExitCode.Address, $"{error.Message} Choose another with --port.");
        }
    }

    /// <summary>Until SIGTERM, SIGINT, <see cref="DisposeAsync"/>, or the engine is lost.</summary>
    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await telemetry.DisposeAsync();
        await Engine.DisposeAsync();
        logs.Dispose();
    }

    private static void Add(IServiceCollection services, ServerOptions options, RunningEngine engine, TokenRecords tokens)
    {
        var rate = new TokenRate(engine.Options.Time, options.RequestsPerSecond, options.RequestsAtOnce);
        var lives = new TokenLives(tokens, engine.Options.Time);
        services.AddSingleton(options);
        services.AddSingleton(engine);
        services.AddSingleton(engine.Feed);
        services.AddSingleton(tokens);
        services.AddSingleton(rate);
        services.AddSingleton(lives);
        services.AddHostedService(_ => lives);
        services.AddSingleton(new TokenGate(tokens, rate, lives, engine.Options.Time));
        services.AddSingleton<McpSessions>();
        services.AddSingleton(options.Deliveries);
        services.AddSingleton(new DeliveryRecords(engine.Records));
        services.AddSingleton(new DeliveryTransport(options.Deliveries));
        services.AddSingleton<DeliveryPumps>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryPumps>());
        if (options.Probes.Sites.Count > 0)
            services.AddHostedService(_ => new SiteProber(engine, options.Probes, new HttpClient { Timeout = Timeout.InfiniteTimeSpan }));
        if (options.EndsWithInput)
        {
            services.AddHostedService(
                provider => new EndOfInput(Console.OpenStandardInput(), provider.GetRequiredService<IHostApplicationLifetime>()));
        }
    }

    private static void Map(WebApplication app)
    {
        app.UseFailures();
        app.UseHeadAsGet();
        app.UseRouting();
        app.UseLoopbackOnly();
        var gate = app.Services.GetRequiredService<TokenGate>();
        app.Use((http, next) => gate.InvokeAsync(http, next));
        app.MapTokens();
        app.MapHealth();
        app.MapAlerts();
        app.MapIncidents();
        app.MapTools();
        app.MapMcp();
        app.MapPagerDuty();
        app.MapSubscriptions();
        app.MapAtps();
        app.MapAgents();
        app.MapInboxStream();
        app.MapHalts();
        app.MapApprovals();
        app.MapKnowledge();
        app.MapRunbooks();
        app.MapMetrics();
        app.MapFlows();
        app.MapEvents();
        app.MapOpenApi();
        app.MapPages();
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostDrained;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }

    private static void Logs(ILoggingBuilder logging, ServerOptions options)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("ModelContextProtocol", LogLevel.Error);
        logging.AddFilter("Orleans", LogLevel.Warning);
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        logging.AddFilter("IncidentActors.Orleans.Halts.HaltNode", LogLevel.Warning);
        if (options.Quiet) logging.SetMinimumLevel(LogLevel.Warning);
        if (NodeTelemetry.Exports(options)) Exporting.AddLogs(logging, options);
        logging.Configure(tracking => tracking.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (options.JsonLogs)
            logging.AddJsonConsole(console => console.IncludeScopes = true);
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    }
}
