using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tokens;
using ModelContextProtocol.Server;

namespace IncidentActors.Server.Mcp;

/// <summary>
/// The sessions of clients that shake hands (revisions before 2026-07-28), on this node. The SDK keeps them; here is what must end with them: what
/// they watch, and the messages that they hold under a session's name.
/// </summary>
internal sealed class McpSessions(RunningEngine engine, TokenSessions tokens)
{
    /// <summary>Sessions of one caller. A further one ends the one that was used longest ago: a client that lost its session shakes hands again.</summary>
    public const int MaxPerCaller = 100;

    private readonly ConcurrentDictionary<string, Session> sessions = new(StringComparer.Ordinal);

    /// <summary>Runs the protocol until the session ends, or the token under which it was opened does.</summary>
    public async Task RunAsync(HttpContext http, McpServer server, CancellationToken closed)
    {
        if (string.IsNullOrEmpty(server.SessionId))
        {
            await server.RunAsync(closed);
            return;
        }

        using var life = TokenGate.Shown(http) is { } token ? tokens.Begin(token.Id, closed) : null;
        var end = life?.Token ?? closed;
        var session = sessions[server.SessionId] = new Session(server, http.User, end);
        await MakeRoomAsync(session.Caller);
        try
        {
            await server.RunAsync(end);
        }
        finally
        {
            sessions.TryRemove(server.SessionId, out _);
            session.Stop();
            await ReleaseAsync(session);
        }
    }

    public Session? Find(string? id) => id is not null && sessions.TryGetValue(id, out var session) ? session : null;

    /// <summary>Ends a session as its client would. The SDK gives no other way to have one forgotten.</summary>
    public RequestDelegate Delete { private get; set; } = _ => Task.CompletedTask;

    /// <summary>Sessions of a caller that are in use end last.</summary>
    private async Task MakeRoomAsync(string? caller)
    {
        var own = sessions.Values.Where(session => session.Caller == caller).ToList();
        foreach (var session in own.OrderBy(session => (session.Requests > 0, session.Used)).Take(own.Count - MaxPerCaller))
        {
            var end = new DefaultHttpContext { User = session.User };
            end.Request.Headers[McpRequestChecks.SessionHeader] = session.Server.SessionId;
            await Delete(end);
        }
    }

    /// <summary>The client works in a session of this name: what it holds is released when the connection ends.</summary>
    public void Uses(string? id, string handle, string name)
    {
        if (name.Length > 0) Find(id)?.Names.TryAdd((handle, name), 0);
    }

    /// <summary>The client's stream has ended: it was closed, or the client is gone. Its messages are for others at once.</summary>
    public Task StreamEndedAsync(string id) => Find(id) is { } session ? ReleaseAsync(session) : Task.CompletedTask;

    public async Task ReleaseAsync(string handle, string name)
    {
        try
        {
            await engine.Leases.ReleaseAsync(handle, name, CancellationToken.None);
        }
        catch (JournalUnavailableException)
        {
            // The leases end by themselves.
        }
    }

    private async Task ReleaseAsync(Session session)
    {
        foreach (var (handle, name) in session.Names.Keys) await ReleaseAsync(handle, name);
    }

    internal sealed class Session(McpServer server, ClaimsPrincipal user, CancellationToken end)
    {
        private readonly Lock gate = new();
        private CancellationTokenSource? watching;
        private int requests;
        private long used = Stopwatch.GetTimestamp();

        public ClaimsPrincipal User => user;

        /// <summary>The token, or without any the handle.</summary>
        public string? Caller => user.FindFirstValue(ClaimTypes.NameIdentifier);

        /// <summary>Requests that are under way.</summary>
        public int Requests => Volatile.Read(ref requests);

        /// <summary>When a request began or ended last.</summary>
        public long Used => Volatile.Read(ref used);

        public McpServer Server => server;

        /// <summary>It was closed, or its token has ended: what is under way in it is canceled.</summary>
        public bool Ended => end.IsCancellationRequested;

        /// <param name="count">1 when a request begins, -1 when it ends.</param>
        public void Use(int count)
        {
            Interlocked.Add(ref requests, count);
            Volatile.Write(ref used, Stopwatch.GetTimestamp());
        }

        /// <summary>Names of sessions under which its client fetched an inbox, with the handle.</summary>
        public ConcurrentDictionary<(string Handle, string Name), byte> Names { get; } = new();

        /// <summary>Watches in place of what was watched until now.</summary>
        public void Watch(Func<CancellationToken, Task> watch)
        {
            lock (gate)
            {
                Stop();
                watching = new CancellationTokenSource();
                _ = watch(watching.Token);
            }
        }

        public void Stop()
        {
            lock (gate)
            {
                watching?.Cancel();
                watching = null;
            }
        }
    }
}
