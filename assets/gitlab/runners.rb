puts "runners"
