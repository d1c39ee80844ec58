using System.Collections.Concurrent;
using IncidentActors.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;

namespace IncidentActors.Silo.Tests.Agents;

[Alias("incident-actors.tests.work-agent")]
public interface IWorkAgent : IHostedAgentGrain
{
    /// <returns>False: a halt has refused the write.</returns>
    [Alias("write")]
    Task<bool> WriteAsync();
}

/// <summary>The messages that the agent has worked on.</summary>
public sealed class CasesState
{
    public List<string> Cases { get; set; } = [];
}

/// <summary>Reports each message to the operator, keeps it in its state, and waits while the test holds it.</summary>
public sealed class WorkAgent([PersistentState("cases", "agents")] IPersistentState<CasesState> cases, AgentProbe probe) : HostedAgent, IWorkAgent
{
    private int running;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        RegisterAgentTimer(_ => probe.TickAsync(), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        return Task.CompletedTask;
    }

    public async Task<bool> WriteAsync()
    {
        try
        {
            await cases.WriteStateAsync();
            return true;
        }
        catch (HaltedException)
        {
            return false;
        }
    }

    protected override async Task OnMessageAsync(MessageView message, AgentTurn turn)
    {
        if (Interlocked.Increment(ref running) > 1) probe.Broken.Enqueue($"{Handle} was given {message.Id} beside another message");
        try
        {
            probe.Began(Handle, message);
            await turn.Atp.DoAsync(new SendMessage("@operator", MessageType.StatusUpdate, Priority.P2, $"handled {message.Id}", "…"));
            cases.State.Cases.Add(message.Id);
            await cases.WriteStateAsync();
            if (message.Subject == "deploy") await DeployAsync(turn);
            if (probe.Fails(message)) throw new InvalidOperationException("The first attempt fails.");
            await probe.HoldAsync(Handle, turn);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }

    private async Task DeployAsync(AgentTurn turn)
    {
        await using var permit = await turn.PermitAsync("deploy", "checkout", "production");
        await probe.DeployAsync(permit.Halted);
        await permit.ReleaseAsync(PermitOutcome.Done);
        probe.Permits.Enqueue(permit.Id);
    }
}

/// <summary>What the test sees of its agents and asks of them.</summary>
public sealed class AgentProbe
{
    private readonly ConcurrentDictionary<string, int> begun = new();
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All covered agents have confirmed the halt: from now on nothing may happen.</summary>
    public volatile bool Quiet;

    public volatile bool Holds;
    public volatile bool FailsOnce;
    public volatile bool IgnoresHalts;
    public int Ticks;

    /// <summary>What must not have happened.</summary>
    public ConcurrentQueue<string> Broken { get; } = [];
    public ConcurrentQueue<string> Permits { get; } = [];

    /// <summary>Agents whose turn is held, with the token of the last one.</summary>
    public ConcurrentDictionary<string, CancellationToken> Held { get; } = new();

    public int Begun => begun.Values.Sum();

    public bool Has(string message) => begun.ContainsKey(message);

    public void Release() => released.TrySetResult();

    public void Note(string what)
    {
        if (Quiet) Broken.Enqueue(what);
    }

    internal void Began(string handle, MessageView message)
    {
        Note($"{handle} was given {message.Id}");
        begun.AddOrUpdate(message.Id, 1, (_, times) => times + 1);
    }

    internal bool Fails(MessageView message) => FailsOnce && begun[message.Id] == 1;

    internal Task TickAsync()
    {
        Note("a timer ticked");
        Interlocked.Increment(ref Ticks);
        return Task.CompletedTask;
    }

    internal async Task HoldAsync(string handle, AgentTurn turn)
    {
        if (!Holds) return;
        Held[handle] = turn.Halted;
        await released.Task.WaitAsync(IgnoresHalts ? CancellationToken.None : turn.Halted);
    }

    internal async Task DeployAsync(CancellationToken halted)
    {
        if (Holds) await released.Task.WaitAsync(halted);
    }
}
