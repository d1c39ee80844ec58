using System.Collections.Immutable;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>The caller's inbox as a resource: a client that subscribes to it is told when something comes that no other session has.</summary>
internal sealed class McpInbox(RunningEngine engine, McpCaller caller) : IAsyncDisposable
{
    public const string Prefix = "incidentactors://agents/";
    public const string Suffix = "/inbox";
    private const int MostShown = 100;
    private static readonly TimeSpan LookFor = TimeSpan.FromMinutes(1);

    private CancellationTokenSource? ended;
    private Task watching = Task.CompletedTask;

    private string? Uri => caller.Call is { } call ? Prefix + call.By + Suffix : null;

    /// <summary>Without taking anything; null: it is another resource.</summary>
    public async Task<ReadResourceResult?> ReadAsync(string? uri)
    {
        if (uri is null || uri != Uri) return null;
        var messages = await engine.Journal.InboxAsync(caller.Call!.By, MostShown, CancellationToken.None);
        ImmutableArray<MessageView> views = [.. messages.Select(message => Engine.Views.Message(message, false))];
        return new ReadResourceResult
        {
            Contents =
                [new TextResourceContents { Uri = uri, MimeType = "application/json", Text = ServerJson.Element(views).GetRawText() }],
        };
    }

    public EmptyResult Subscribe(McpServer server, string? uri)
    {
        if (uri is null || uri != Uri)
        {
            throw new McpProtocolException(
                $"Only your own inbox can be subscribed to: {Uri ?? "connect as somebody first"}.", McpErrorCode.InvalidParams);
        }

        if (ended is not null) return new EmptyResult();
        ended = new CancellationTokenSource();
        watching = WatchAsync(server, uri, ended.Token);
        return new EmptyResult();
    }

    public async Task<EmptyResult> UnsubscribeAsync()
    {
        if (ended is { } source) await source.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended?.Dispose();
        ended = null;
        return new EmptyResult();
    }

    /// <summary>The session is over: others may have at once what it held.</summary>
    public async ValueTask DisposeAsync()
    {
        await UnsubscribeAsync();
        if (caller.Call is not { } call) return;
        try
        {
            await engine.Leases.ReleaseAsync(call.By, caller.Session, CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
            // The leases end by themselves.
        }
    }

    private async Task WatchAsync(McpServer server, string uri, CancellationToken cancel)
    {
        var told = ImmutableHashSet<string>.Empty;
        while (!cancel.IsCancellationRequested)
        {
            if (!await engine.Waits.UntilAsync(caller.Call!.By, caller.Session, told, LookFor, cancel)) continue;
            var messages = await engine.Journal.InboxAsync(caller.Call.By, told.Count + MostShown, cancel);
            told = [.. messages.Select(message => message.Message.Id)];
            await server.SendNotificationAsync(
                NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri }, McpJsonUtilities.DefaultOptions, cancel);
        }
    }
}
