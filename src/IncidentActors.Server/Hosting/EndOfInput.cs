namespace IncidentActors.Server.Hosting;

/// <summary>Stops the server when its input ends. The system closes a pipe when the process at its other end dies, however it dies.</summary>
internal sealed class EndOfInput(Stream input, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>On a separate thread: a read of standard input cannot be canceled and must not delay the shutdown.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Read) { IsBackground = true, Name = "end of input" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Read()
    {
        var buffer = new byte[256];
        while (input.Read(buffer) > 0)
        {
        }

        lifetime.StopApplication();
    }
}
